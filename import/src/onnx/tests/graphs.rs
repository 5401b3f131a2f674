//! Graphs as exporters write them.

use super::build::{self, Graph, ints, tensor, values, whole};

/// Graph as tf2onnx makes it of a Keras 3 model: channels last outside, a computed shape before the flatten, batch normalization as
/// Mul and Add behind a ReLU.
pub(super) fn keras(bn_scale: &[f32]) -> Graph {
    Graph::new("input", &[0, 6, 5, 3])
        .constant(tensor("k1", &[4, 3, 3, 3], &values(108)))
        .constant(tensor("b1", &[4], &values(4)))
        .constant(tensor("k2", &[24, 5], &values(120)))
        .constant(tensor("b2", &[5], &values(5)))
        .constant(tensor("bn_mul", &[5], bn_scale))
        .constant(tensor("bn_sub", &[5], &values(5)))
        .constant(tensor("k3", &[5, 3], &values(15)))
        .constant(tensor("b3", &[3], &values(3)))
        .constant(whole("perm_n", &[4], &[0, 3, 1, 2]))
        .constant(whole("zero", &[1], &[0]))
        .constant(whole("one", &[1], &[1]))
        .constant(build::whole32("rest", &[1], &[24]))
        .node("Transpose", "f/conv_1/BiasAdd__6", &["input"], "x", vec![ints("perm", &[0, 3, 1, 2])])
        .node(
            "Conv",
            "f/conv_1/BiasAdd",
            &["x", "k1", "b1"],
            "c",
            vec![ints("pads", &[0, 0, 1, 1]), ints("strides", &[2, 2])],
        )
        .node("Relu", "f/conv_1/Relu", &["c"], "r", vec![])
        .node("Transpose", "Transpose__90", &["r"], "t", vec![ints("perm", &[0, 2, 3, 1])])
        .node("Shape", "Shape__94", &["r"], "s", vec![])
        .node("Gather", "Gather__97", &["s", "perm_n"], "g", vec![])
        .node("Cast", "f/flatten_1/Shape", &["g"], "g6", vec![build::int("to", 6)])
        .node("Slice", "f/flatten_1/strided_slice", &["g6", "zero", "one", "zero"], "n", vec![])
        .node("Concat", "f/flatten_1/concat", &["n", "rest"], "sh", vec![build::int("axis", 0)])
        .node("Cast", "f/flatten_1/cast", &["sh"], "sh7", vec![build::int("to", 7)])
        .node("Reshape", "f/flatten_1/Reshape", &["t", "sh7"], "v", vec![])
        .node("MatMul", "f/dense_1/MatMul", &["v", "k2"], "m2", vec![])
        .node("Add", "f/dense_1/BiasAdd", &["m2", "b2"], "a2", vec![])
        .node("Relu", "f/dense_1/Relu", &["a2"], "r2", vec![])
        .node("Mul", "f/batch_normalization_1/batchnorm/mul_1", &["r2", "bn_mul"], "bm", vec![])
        .node("Add", "f/batch_normalization_1/batchnorm/add_1", &["bn_sub", "bm"], "bn", vec![])
        .node("MatMul", "f/dense_1_2/MatMul", &["bn", "k3"], "m3", vec![])
        .node("Add", "f/dense_1_2/BiasAdd", &["m3", "b3"], "a3", vec![])
        .node("Softmax", "f/dense_1_2/Softmax", &["a3"], "out", vec![])
        .output("out")
}

/// Graph as PyTorch exports it of a residual network, without a softmax.
pub(super) fn residual() -> Graph {
    let bn = |graph: Graph, prefix: &str, channels: usize| {
        let variance: Vec<f32> = values(channels).iter().map(|value| value.abs() + 0.5).collect();
        let size = [channels as i64];
        graph
            .constant(tensor(&format!("{prefix}.g"), &size, &values(channels)))
            .constant(tensor(&format!("{prefix}.b"), &size, &values(channels)))
            .constant(tensor(&format!("{prefix}.m"), &size, &values(channels)))
            .constant(tensor(&format!("{prefix}.v"), &size, &variance))
    };
    let pads = || vec![ints("pads", &[1, 1, 1, 1]), ints("strides", &[2, 2])];
    bn(bn(Graph::new("input", &[1, 3, 9, 9]), "bn1", 4), "bn2", 6)
        .constant(tensor("c1", &[4, 3, 3, 3], &values(108)))
        .constant(tensor("c2", &[6, 4, 3, 3], &values(216)))
        .constant(tensor("c3", &[6, 4, 1, 1], &values(24)))
        .constant(tensor("w", &[5, 6], &values(30)))
        .constant(tensor("b", &[5], &values(5)))
        .node("Conv", "/conv1/Conv", &["input", "c1"], "1", pads())
        .node("BatchNormalization", "/bn1/BatchNormalization", &["1", "bn1.g", "bn1.b", "bn1.m", "bn1.v"], "2", vec![])
        .node("Relu", "/relu/Relu", &["2"], "3", vec![])
        .node("Conv", "/layer1/layer1.0/conv2/Conv", &["3", "c2"], "4", pads())
        .node("BatchNormalization", "/layer1/layer1.0/bn2/B", &["4", "bn2.g", "bn2.b", "bn2.m", "bn2.v"], "5", vec![])
        .node("Conv", "/layer1/layer1.0/downsample/Conv", &["3", "c3"], "6", vec![ints("strides", &[2, 2])])
        .node("Add", "/layer1/layer1.0/Add", &["5", "6"], "7", vec![])
        .node("Relu", "/layer1/layer1.0/relu/Relu", &["7"], "8", vec![])
        .node("GlobalAveragePool", "/pool/GlobalAveragePool", &["8"], "9", vec![])
        .node("Flatten", "/Flatten", &["9"], "10", vec![])
        .node("Gemm", "/fc/Gemm", &["10", "w", "b"], "11", vec![build::int("transB", 1)])
        .output("11")
}

/// Branches, groups, paddings of every kind, channels joined, scaled input.
pub(super) fn mixed() -> Graph {
    Graph::new("input", &[0, 8, 7, 3])
        .constant(tensor("mean", &[3], &[0.1, 0.2, 0.3]))
        .constant(tensor("std", &[1], &[2.0]))
        .constant(tensor("low", &[], &[0.0]))
        .constant(tensor("high", &[], &[1.5]))
        .constant(tensor("k1", &[4, 3, 2, 2], &values(48)))
        .constant(tensor("k2", &[4, 2, 3, 3], &values(72)))
        .constant(tensor("k3", &[4, 4, 3, 1], &values(48)))
        .constant(tensor("scale", &[1, 8, 1, 1], &values(8)))
        .constant(tensor("shift", &[8, 1, 1], &values(8)))
        .constant(whole("pads", &[8], &[0, 0, 1, 0, 0, 0, 0, 1]))
        .constant(tensor("w", &[8, 3], &values(24)))
        .constant(tensor("b", &[1, 3], &values(3)))
        .node("Sub", "m/normalization/sub", &["input", "mean"], "i1", vec![])
        .node("Div", "m/normalization/truediv", &["i1", "std"], "i2", vec![])
        .node("Transpose", "t1", &["i2"], "x", vec![ints("perm", &[0, 3, 1, 2])])
        .node("Conv", "m/stem/Conv2D", &["x", "k1"], "c1", vec![])
        .node("Clip", "m/stem/Relu6", &["c1", "low", "high"], "r1", vec![])
        .node(
            "Conv",
            "m/grouped/Conv2D",
            &["r1", "k2"],
            "c2",
            vec![build::int("group", 2), build::text("auto_pad", "SAME_UPPER")],
        )
        .node(
            "Conv",
            "m/holes/Conv2D",
            &["r1", "k3"],
            "c3",
            vec![ints("dilations", &[2, 1]), ints("pads", &[2, 0, 2, 0])],
        )
        .node("Concat", "m/join/concat", &["c2", "c3"], "j", vec![build::int("axis", 1)])
        .node("Mul", "m/bn/batchnorm/mul_1", &["scale", "j"], "j1", vec![])
        .node("Add", "m/bn/batchnorm/add_1", &["j1", "shift"], "j2", vec![])
        .node("Relu", "m/relu/Relu", &["j2"], "r2", vec![])
        .node("Dropout", "m/drop", &["r2"], "d", vec![])
        .node("Identity", "m/identity", &["d"], "e", vec![])
        .node("Pad", "m/pad/Pad", &["e", "pads"], "p", vec![])
        .node(
            "MaxPool",
            "m/pool/MaxPool",
            &["p"],
            "mp",
            vec![ints("kernel_shape", &[3, 3]), ints("strides", &[2, 2]), build::int("ceil_mode", 1)],
        )
        .node(
            "AveragePool",
            "m/avg/AvgPool",
            &["mp"],
            "ap",
            vec![ints("kernel_shape", &[2, 2]), ints("pads", &[1, 1, 1, 1])],
        )
        .node("ReduceMean", "m/mean/Mean", &["ap"], "gap", vec![ints("axes", &[2, 3]), build::int("keepdims", 0)])
        .node(
            "Gemm",
            "m/fc/Gemm",
            &["gap", "w", "b"],
            "out",
            vec![build::float("alpha", 0.5), build::float("beta", 2.0)],
        )
        .output("out")
}

pub(super) fn shifted(pads: &[i64]) -> Graph {
    Graph::new("input", &[1, 3, 4, 4])
        .constant(tensor("k", &[2, 3, 3, 3], &values(54)))
        .constant(tensor("s", &[1, 3, 1, 1], &[0.5, 1.0, 1.5]))
        .constant(tensor("t", &[3, 1, 1], &[1.0, -1.0, 2.0]))
        .node("Relu", "relu", &["input"], "r", vec![])
        .node("Mul", "mul", &["r", "s"], "a", vec![])
        .node("Add", "add", &["a", "t"], "b", vec![])
        .node("Conv", "conv", &["b", "k"], "out", vec![ints("pads", pads)])
        .output("out")
}
