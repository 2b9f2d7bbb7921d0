"""A fine-tuned encoder -> what `SentenceEncoder` runs: a build-time step (extra "train").

Weights are stored in eight bits, a scale a column of a matrix and a row of a table of embeddings, and read as single
precision. So the file is a quarter of the size and a sentence gets the same score in any company: onnxruntime's
dynamic quantisation scales activations by the largest in the batch, which moved vectors by up to 15 degrees. Word
pieces that no English sentence has are left out: a megabyte.
"""

import copy
import json
import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np

from .encoding import IDS, MASK, STATES, SentenceEncoder
from .errors import MissingExtraError
from .finetuning import LONGEST, Encoder

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

OPSET = 20
_LEAST = 10_000
"""Smaller arrays stay as they are: biases, and the scales of layers."""


def export(encoder: Encoder) -> SentenceEncoder:
    """Export an encoder.

    Parameters
    ----------
    encoder : Encoder
        Fine-tuned or not.

    Returns
    -------
    SentenceEncoder
        Its vectors differ from `Encoder.embed` by no more than the eight bits of the weights.

    Raises
    ------
    MissingExtraError
        Without the extra "train".
    """
    try:
        import onnx
        import onnxscript  # noqa: F401 - torch.onnx wants it
    except ImportError:
        raise MissingExtraError("exporting an encoder", "train") from None
    tokenizer, pieces = _english(json.loads(encoder.tokenizer.backend_tokenizer.to_str()))
    network = _network(encoder, pieces)
    quantise(network)
    _forget_origin(network)
    onnx.checker.check_model(network)
    return SentenceEncoder(network.SerializeToString(deterministic=True), _cutting(tokenizer))


def _english(tokenizer: dict[str, Any]) -> tuple[dict[str, Any], list[int]]:
    """A tokenizer.json without unused and foreign pieces, numbered anew, and the old numbers of the pieces it keeps."""
    old: dict[str, int] = tokenizer["model"]["vocab"]
    kept = sorted((piece for piece in old if not (piece.startswith("[unused") or _foreign(piece))), key=old.__getitem__)
    new = {piece: number for number, piece in enumerate(kept)}
    framed = tokenizer["post_processor"]
    marks = {mark: told | {"ids": [new[mark]]} for mark, told in framed["special_tokens"].items()}
    added = [told | {"id": new[told["content"]]} for told in tokenizer["added_tokens"]]
    return tokenizer | {
        "model": tokenizer["model"] | {"vocab": new},
        "post_processor": framed | {"special_tokens": marks},
        "added_tokens": added,
    }, [old[piece] for piece in kept]


def _foreign(piece: str) -> bool:
    """Whether a piece has a letter of another script than ours."""
    return any(letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN") for letter in piece)


def _network(encoder: Encoder, pieces: list[int]) -> "ModelProto":
    import torch

    model = copy.deepcopy(encoder.model)
    model.set_input_embeddings(torch.nn.Embedding.from_pretrained(model.get_input_embeddings().weight[pieces]))

    class States(torch.nn.Module):  # type: ignore[misc]
        """The states of the last layer, and nothing else that the encoder gives."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            states: torch.Tensor = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
            return states

    ids = torch.arange(27).reshape(3, 9)
    mask = torch.ones_like(ids)
    mask[1, 5:] = 0  # were all of it ones, the export would leave the mask out
    free = {0: torch.export.Dim("sentences"), 1: torch.export.Dim("tokens")}
    program = torch.onnx.export(
        States().train(False),
        (ids, mask),
        input_names=[IDS, MASK],
        output_names=[STATES],
        opset_version=OPSET,
        dynamo=True,
        dynamic_shapes={IDS: free, MASK: free},
        verbose=False,
    )
    network: ModelProto = program.model_proto
    return network


def quantise(network: "ModelProto") -> None:
    """Store the large weights of a network in eight bits, in place.

    Parameters
    ----------
    network : ModelProto
        Matrices that something is multiplied with, and tables that rows are taken from, are quantised.
    """
    from onnx import numpy_helper

    graph = network.graph
    arrays = {stored.name: numpy_helper.to_array(stored) for stored in graph.initializer}
    nodes: list[NodeProto] = []
    stored: dict[str, Any] = {}
    for node in graph.node:
        place = {"MatMul": 1, "Gather": 0}.get(node.op_type)
        name = "" if place is None else node.input[place]
        weights = arrays.get(name)
        if weights is None or weights.ndim != 2 or weights.size < _LEAST:
            nodes.append(node)
            continue
        scale = np.abs(weights).max(axis=1 if node.op_type == "Gather" else 0, keepdims=True) / 127
        scale = np.maximum(scale, np.finfo(np.float32).tiny).astype(np.float32)
        stored[f"{name}.eight_bits"] = np.round(weights / scale).astype(np.int8)
        stored[f"{name}.scale"] = scale
        nodes += _looked_up(node, name) if node.op_type == "Gather" else _multiplied(node, name)
    used = {name for node in nodes for name in node.input}
    kept = [item for item in graph.initializer if item.name in used]
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(nodes)
    graph.initializer.extend([*kept, *(numpy_helper.from_array(array, name) for name, array in stored.items())])


def _multiplied(node: "NodeProto", name: str) -> list["NodeProto"]:
    """The product with a matrix in eight bits; onnxruntime makes it one of single precision when it loads it."""
    from onnx import TensorProto, helper

    wide, whole = f"{name}.wide", f"{name}.whole"
    return [
        helper.make_node("Cast", [f"{name}.eight_bits"], [wide], to=TensorProto.FLOAT),
        helper.make_node("Mul", [wide, f"{name}.scale"], [whole]),
        helper.make_node("MatMul", [node.input[0], whole], list(node.output)),
    ]


def _looked_up(node: "NodeProto", name: str) -> list["NodeProto"]:
    """Rows of a table in eight bits, which only the rows taken leave."""
    from onnx import TensorProto, helper

    numbers, result = node.input[1], node.output[0]
    rows, wide, scale = f"{result}.rows", f"{result}.wide", f"{result}.scale"
    return [
        helper.make_node("Gather", [f"{name}.eight_bits", numbers], [rows], axis=0),
        helper.make_node("Cast", [rows], [wide], to=TensorProto.FLOAT),
        helper.make_node("Gather", [f"{name}.scale", numbers], [scale], axis=0),
        helper.make_node("Mul", [wide, scale], [result]),
    ]


def _forget_origin(network: "ModelProto") -> None:
    """Take out notes on where the code lay that made each node: they name folders of this machine."""
    graph = network.graph
    for part in (network, graph, *graph.node, *graph.initializer, *graph.input, *graph.output):
        part.doc_string = ""
        del part.metadata_props[:]


def _cutting(tokenizer: dict[str, Any]) -> str:
    """tokenizer.json without padding, cutting where training did, on one line."""
    cut = {"direction": "Right", "max_length": LONGEST, "strategy": "LongestFirst", "stride": 0}
    return json.dumps(tokenizer | {"padding": None, "truncation": cut}, ensure_ascii=False, separators=(",", ":"))
