"""The encoder and its heads in PyTorch: BERT with an embedding of each word's case, one linear layer a head."""
import math

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

PAIR_WIDTH = 48


class Layer(nn.Module):
    def __init__(self, hidden, inner):
        super().__init__()
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.attention_out = nn.Linear(hidden, hidden)
        self.norm1 = nn.LayerNorm(hidden, eps=1e-12)
        self.up = nn.Linear(hidden, inner)
        self.down = nn.Linear(inner, hidden)
        self.norm2 = nn.LayerNorm(hidden, eps=1e-12)

    def forward(self, x, mask, heads, dropout):
        b, n, h = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, heads, h // heads).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        a = a.transpose(1, 2).reshape(b, n, h)
        x = self.norm1(x + F.dropout(self.attention_out(a), dropout, self.training))
        return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), dropout, self.training))


class Reader(nn.Module):
    """heads: name -> {"kind": "token" | "document" | "pair", "labels": [..], "loss": "ce" | "bce" | "mse"}"""

    def __init__(self, heads, layers=12, hidden=384, inner=1536, attention_heads=12, vocabulary=30522, dropout=0.1):
        super().__init__()
        self.heads, self.attention_heads, self.dropout = heads, attention_heads, dropout
        self.word = nn.Embedding(vocabulary, hidden)
        self.position = nn.Embedding(512, hidden)
        self.case = nn.Embedding(7, hidden)
        nn.init.zeros_(self.case.weight)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(hidden, inner) for _ in range(layers))
        self.out = nn.ModuleDict()
        for name, head in heads.items():
            n = len(head["labels"])
            if head["kind"] == "pair":
                self.out[name] = nn.ModuleDict({"query": nn.Linear(hidden, n * PAIR_WIDTH), "key": nn.Linear(hidden, n * PAIR_WIDTH)})
                self.out[name].register_parameter("bias", nn.Parameter(torch.full((n,), -2.0)))
            else:
                self.out[name] = nn.Linear(2 * hidden if head["kind"] == "document" else hidden, n)

    def load_base(self, path):
        """Weights of a BERT encoder in safetensors (bert.* names without prefix); token type row 0 joins the positions."""
        w = {k: v.float() for k, v in load_file(path).items()}
        with torch.no_grad():
            self.word.weight.copy_(w["embeddings.word_embeddings.weight"])
            self.position.weight.copy_(w["embeddings.position_embeddings.weight"] + w["embeddings.token_type_embeddings.weight"][0])
            self.norm.weight.copy_(w["embeddings.LayerNorm.weight"])
            self.norm.bias.copy_(w["embeddings.LayerNorm.bias"])
            for i, layer in enumerate(self.layers):
                p = f"encoder.layer.{i}."
                for part in ("weight", "bias"):
                    getattr(layer.qkv, part).copy_(torch.cat([w[f"{p}attention.self.{x}.{part}"] for x in ("query", "key", "value")]))
                    for mine, theirs in (("attention_out", "attention.output.dense"), ("norm1", "attention.output.LayerNorm"),
                                         ("up", "intermediate.dense"), ("down", "output.dense"), ("norm2", "output.LayerNorm")):
                        getattr(getattr(layer, mine), part).copy_(w[f"{p}{theirs}.{part}"])

    def encode(self, ids, case, lengths):
        n = ids.shape[1]
        x = self.word(ids) + self.position(torch.arange(n, device=ids.device)) + self.case(case)
        x = F.dropout(self.norm(x), self.dropout, self.training)
        live = torch.arange(n, device=ids.device)[None] < lengths[:, None]
        mask = None if bool(live.all()) else live[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask, self.attention_heads, self.dropout)
        return x, live

    def pool(self, x, live):
        mean = (x * live[..., None]).sum(1) / live.sum(1, keepdim=True)
        return torch.cat([x[:, 0], mean], -1)

    def pair_logits(self, name, x, batch, left, right):
        """Logits [pairs, labels] of the pairs of token places (batch row, left, right)."""
        head = self.out[name]
        n = len(self.heads[name]["labels"])
        q = head["query"](x[batch, left]).view(-1, n, PAIR_WIDTH)
        k = head["key"](x[batch, right]).view(-1, n, PAIR_WIDTH)
        return (q * k).sum(-1) / math.sqrt(PAIR_WIDTH) + head.bias
