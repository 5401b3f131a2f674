#!/usr/bin/env python3
"""Attributions of two small networks by captum and zennit, for `tests/methods/peers.rs` and `src/methods/gradient/tests.rs`.

    python make_attributions.py ../data/attributions.json

Needs torch, captum and zennit (made with torch 2.15.0, captum 0.9.0, zennit 0.5.1). Numbers are float32, as both libraries give them in
double precision.
"""
import json
import sys

import torch
from captum import attr
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval
from zennit import composites, rules
from zennit.attribution import Gradient
from zennit.canonizers import SequentialMergeBatchNorm
from zennit.core import BasicHook
from zennit.layer import Sum
from zennit.types import Activation, AvgPool, Convolution

HEIGHT, WIDTH, TARGET = 6, 7, 2
MEAN, STD = [0.4, 0.5, 0.6], [0.3, 0.25, 0.2]
torch.manual_seed(23)
torch.set_default_dtype(torch.float64)


class Plain(nn.Sequential):
    """Convolutions of which the second has a batch normalisation, both pools, two dense layers."""

    def __init__(self):
        super().__init__(
            nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(4, 5, (2, 3), padding=(0, 1)), nn.BatchNorm2d(5), nn.ReLU(), nn.AvgPool2d(2, stride=1),
            nn.Flatten(), nn.Linear(10, 6), nn.ReLU(), nn.Linear(6, 3),
        )


class Residual(nn.Module):
    """A block whose linear branch and its input are added up, and a global average pool."""

    def __init__(self):
        super().__init__()
        self.stem, self.a, self.b = nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1), nn.Conv2d(4, 4, 1)
        self.relu1, self.relu2, self.relu3, self.add = nn.ReLU(), nn.ReLU(), nn.ReLU(), Sum()
        self.pool, self.flat, self.head = nn.AvgPool2d((HEIGHT, WIDTH)), nn.Flatten(), nn.Linear(4, 3)

    def forward(self, x):
        x = self.relu1(self.stem(x))
        branch = self.b(self.relu2(self.a(x)))
        x = self.relu3(self.add(torch.stack([branch, x], dim=-1)))
        return self.head(self.flat(self.pool(x)))


def rounded(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def folded(convolution, norm):
    return fuse_conv_bn_eval(convolution, norm)


def parameter(name, tensor):
    return [name, list(tensor.shape), rounded(tensor)]


def layer(name, module):
    """A layer's weights, dense ones as `[in, out]`."""
    weight = module.weight.T if isinstance(module, nn.Linear) else module.weight
    return [parameter(f"{name}.w", weight), parameter(f"{name}.b", module.bias)]


def conv(name, source, padding=(0, 0)):
    top, left = padding
    return {"name": name, "op": "conv2d", "inputs": [source], "weight": f"{name}.w", "bias": f"{name}.b",
            "padding": {"top": top, "left": left, "bottom": top, "right": left}}


def node(name, op, *inputs, **rest):
    return {"name": name, "op": op, "inputs": list(inputs), **rest}


def dense(name, source):
    return node(name, "dense", source, weight=f"{name}.w", bias=f"{name}.b")


def of_plain(model):
    nodes = [conv("one", "input", (1, 1)), node("one/relu", "relu", "one"),
             node("max", "max_pool", "one/relu", kernel=[2, 2], stride=[2, 2]),
             conv("two", "max", (0, 1)), node("two/relu", "relu", "two"),
             node("mean", "average_pool", "two/relu", kernel=[2, 2], stride=[1, 1]),
             node("flat", "flatten", "mean"), dense("three", "flat"), node("three/relu", "relu", "three"),
             dense("logits", "three/relu"), node("softmax", "softmax", "logits")]
    parameters = [*layer("one", model[0]), *layer("two", folded(model[3], model[4])),
                  *layer("three", model[8]), *layer("logits", model[10])]
    return {"nodes": nodes, "taps": ["one/relu", "max", "two/relu"], "parameters": parameters}


def of_residual(model):
    nodes = [conv("stem", "input", (1, 1)), node("stem/relu", "relu", "stem"),
             conv("a", "stem/relu", (1, 1)), node("a/relu", "relu", "a"), conv("b", "a/relu"),
             node("sum", "add", "b", "stem/relu"), node("sum/relu", "relu", "sum"),
             node("mean", "global_average_pool", "sum/relu"), dense("logits", "mean"), node("softmax", "softmax", "logits")]
    parameters = [part for name in ("stem", "a", "b") for part in layer(name, getattr(model, name))]
    return {"nodes": nodes, "taps": ["stem/relu", "a/relu", "sum/relu"],
            "parameters": parameters + layer("logits", model.head)}


def by_captum(model, x, black, white):
    """What gradients give; `captum_lrp` its propagation rules."""
    out = {}
    mean = x.mean((2, 3), keepdim=True).expand_as(x)
    out["gradient"] = attr.Saliency(model).attribute(x, target=TARGET, abs=False)
    out["gradient_x_input"] = attr.InputXGradient(model).attribute(x, target=TARGET)
    out["guided_backprop"] = attr.GuidedBackprop(model).attribute(x, target=TARGET)
    out["deconvnet"] = attr.Deconvolution(model).attribute(x, target=TARGET)
    for name, baseline in [("zero", torch.zeros_like(x)), ("black", black), ("white", white), ("mean", mean)]:
        out[f"integrated_gradients/{name}"] = attr.IntegratedGradients(model).attribute(
            x, baselines=baseline, target=TARGET, n_steps=9, method="gausslegendre")
    for name in ["left", "right", "middle", "trapezoid"]:
        out[f"integrated_gradients/{name}"] = attr.IntegratedGradients(model).attribute(
            x, target=TARGET, n_steps=9, method=f"riemann_{name}")
    return out


def noise_tunnel(model, x):
    """captum's NoiseTunnel with noise that is written down, and the gradients it is made of."""
    count, sigma = 5, 0.5
    noise = torch.randn(count, *x.shape[1:])
    normal, torch.normal = torch.normal, lambda mean, std: mean + noise * sigma
    out = {}
    try:
        for kind in ["smoothgrad", "smoothgrad_sq", "vargrad"]:
            tunnel = attr.NoiseTunnel(attr.Saliency(model))
            out[kind] = rounded(tunnel.attribute(x, nt_type=kind, nt_samples=count, stdevs=sigma, target=TARGET, abs=False))
    finally:
        torch.normal = normal
    noisy = (x + noise * sigma).requires_grad_()
    gradients, = torch.autograd.grad(model(noisy)[:, TARGET].sum(), noisy)
    return {"gradients": rounded(gradients), "count": count, **out}


class Merged(nn.Module):
    """The plain network with its batch normalisation folded, and flattened by no module: captum has no rule for either."""

    def __init__(self, model):
        super().__init__()
        parts = [folded(model[3], model[4]) if part is model[3] else part for part in model if part is not model[4]]
        self.below = nn.Sequential(*parts[:6])
        self.above = nn.Sequential(*parts[7:])

    def forward(self, x):
        return self.above(self.below(x).flatten(1))


def captum_lrp(model, x):
    """captum's LRP-epsilon, its default everywhere."""
    return attr.LRP(model).attribute(x, target=TARGET)


def relevance(model, x, composite, start=None):
    seed = torch.zeros(1, 3)
    with Gradient(model, composite) as attributor:
        def output(logits):
            seed[0, TARGET] = logits[0, TARGET].item() if start is None else start
            return seed
        return attributor(x, output)[1]


class Everywhere(composites.LayerMapComposite):
    """One rule at convolutions and dense layers."""

    def __init__(self, rule, canonizers):
        base = [(Activation, rules.Pass()), (Sum, rules.Norm()), (AvgPool, rules.Norm())]
        super().__init__(base + [(Convolution, rule), (nn.Linear, rule)], canonizers=canonizers)


class First(composites.SpecialFirstLayerMapComposite):
    """Another rule at the first layer, z-plus and epsilon elsewhere."""

    def __init__(self, rule, canonizers):
        base = [(Activation, rules.Pass()), (Sum, rules.Norm()), (AvgPool, rules.Norm())]
        layers = base + [(Convolution, rules.ZPlus()), (nn.Linear, rules.Epsilon())]
        super().__init__(layer_map=layers, first_map=[(Convolution, rule)], canonizers=canonizers)


class Excitation(composites.LayerMapComposite):
    """zennit's excitation backpropagation, but that a sum splits by what is positive, since probabilities are."""

    def __init__(self):
        norm = rules.Norm()
        by_positive = BasicHook(
            input_modifiers=[lambda x: x.clamp(min=0)],
            param_modifiers=[rules.NoMod(param_keys=[])],
            output_modifiers=[lambda z: z],
            gradient_mapper=lambda grad, outputs: grad / (outputs[0] + 1e-12),
            reducer=lambda inputs, gradients: inputs[0] * gradients[0],
        )
        layers = [(Sum, by_positive), (AvgPool, norm), (Activation, rules.Pass())]
        weighted = rules.ZPlus(stabilizer=1e-12, zero_params="bias")
        super().__init__(layers + [(Convolution, weighted), (nn.Linear, weighted)], canonizers=[SequentialMergeBatchNorm()])


def by_zennit(model, x, low, high):
    merged = lambda: [SequentialMergeBatchNorm()]
    made = {
        "epsilon": Everywhere(rules.Epsilon(), merged()),
        "epsilon_plus": composites.EpsilonPlus(canonizers=merged()),
        "epsilon_plus_flat": composites.EpsilonPlusFlat(canonizers=merged()),
        "epsilon_gamma_box": composites.EpsilonGammaBox(low=low, high=high, canonizers=merged()),
        "epsilon_alpha2_beta1": composites.EpsilonAlpha2Beta1(canonizers=merged()),
        "alpha1_beta0": Everywhere(rules.AlphaBeta(1, 0), merged()),
        "alpha2_beta1": Everywhere(rules.AlphaBeta(2, 1), merged()),
        "squared_weights": First(rules.WSquare(zero_params=["bias"]), merged()),
    }
    return {f"lrp/{name}": relevance(model, x, composite) for name, composite in made.items()}


def excitation(model, x, module, contrast=False):
    """zennit's excitation backpropagation at the output of a module; the contrastive form as the difference to that of a network whose
    last layer has the other sign."""
    kept = {}

    def keep(_, __, output):
        kept["output"] = output

    def once(model):
        composite = Excitation()
        with composite.context(model) as changed:
            handle = module.register_forward_hook(keep)
            logits = changed(x.clone().requires_grad_())
            seed = torch.zeros_like(logits)
            seed[0, TARGET] = 1
            grad, = torch.autograd.grad(logits, kept["output"], seed)
            handle.remove()
        return grad

    one = once(model)
    if not contrast:
        return one.sum(1)
    last = [part for part in model.modules() if isinstance(part, nn.Linear)][-1]
    last.weight.data *= -1
    dual = once(model)
    last.weight.data *= -1
    return (one - dual).sum(1)


def network(model, described, modules, with_captum):
    model.eval()
    pixels = torch.randint(0, 256, (3, HEIGHT, WIDTH))
    per_channel = lambda numbers: torch.tensor(numbers).view(1, 3, 1, 1)
    at_input = lambda pixel: ((pixel / 255 - per_channel(MEAN)) / per_channel(STD)).expand(1, 3, HEIGHT, WIDTH).clone()
    x, black, white = at_input(pixels[None].double()), at_input(torch.zeros(1)), at_input(torch.full((1,), 255.0))
    logits = model(x)[0]
    assert logits[TARGET].abs() > 0.05, logits
    maps = by_zennit(model, x, black, white)
    if with_captum:
        maps |= by_captum(model, x, black, white)
        maps["captum/lrp/epsilon"] = captum_lrp(Merged(model).eval(), x)
    for tap, module in modules.items():
        maps[f"excitation_backprop/{tap}"] = excitation(model, x, module)
        maps[f"contrastive_excitation_backprop/{tap}"] = excitation(model, x, module, contrast=True)
    described |= {"rgb": pixels.permute(1, 2, 0).flatten().tolist(), "logits": rounded(logits),
                  "maps": {name: rounded(values) for name, values in maps.items()}}
    if with_captum:
        described["noise_tunnel"] = noise_tunnel(model, x)
    return described


def randomised(model):
    for part in model.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.uniform_(-0.3, 0.3)
            part.running_var.uniform_(0.5, 2)
            nn.init.uniform_(part.weight, 0.5, 1.5)
            nn.init.uniform_(part.bias, -0.3, 0.3)
        elif isinstance(part, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(part.weight)
            nn.init.uniform_(part.bias, -0.3, 0.3)
    # Numbers that float32 holds, so that both sides compute with the same.
    return model.float().double().eval()


def main(path):
    plain, residual = randomised(Plain()), randomised(Residual())
    made = {
        "size": [WIDTH, HEIGHT], "mean": MEAN, "std": STD, "target": TARGET,
        "plain": network(plain, of_plain(plain), {"two/relu": plain[5], "max": plain[2], "one/relu": plain[1]}, True),
        "residual": network(residual, of_residual(residual),
                            {"sum/relu": residual.relu3, "stem/relu": residual.relu1}, False),
    }
    with open(path, "w") as file:
        json.dump(made, file, separators=(",", ":"))
        file.write("\n")


main(sys.argv[1])
