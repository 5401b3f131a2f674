//! Layers of Keras as nodes.

use serde_json::Value;

use super::graph::{Output, Walk};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::{
    Add, AveragePool, Clip, Concat, Conv2d, Dense, Elu, Flatten, Gelu, GlobalAveragePool, Graph, HardSigmoid,
    HardSwish, LeakyRelu, MaxPool, Multiply, Op, Pad, Padding, Prelu, Relu, Sigmoid, Silu, Softmax, Tanh,
};

/// Adds a layer that reads `inputs`; a fault is a sentence without subject.
pub(super) fn layer(
    walk: &mut Walk,
    class: &str,
    name: &str,
    config: &Value,
    inputs: &[Output],
) -> Result<Output, Fault> {
    let input = inputs.first().ok_or(fault!("node-reads-nothing", "reads nothing"))?;
    let text = |key: &str| config.get(key).and_then(Value::as_str);
    let flag = |key: &str| config.get(key).and_then(Value::as_bool).unwrap_or(false);
    let number = |key: &str| config.get(key).and_then(Value::as_f64).map(|number| number as f32);
    if !matches!(text("data_format"), None | Some("channels_last")) {
        return Err(fault!("keras-channels-first", "has its channels first, which the file's weights have not"));
    }
    match class {
        "Conv2D" | "Convolution2D" | "DepthwiseConv2D" | "SeparableConv2D" => {
            convolution(walk, class, name, config, input)
        }
        "Dense" => {
            let units = size(config, "units")?;
            let bias = config.get("use_bias").and_then(Value::as_bool).unwrap_or(true);
            let op = Dense { weight: format!("{name}/kernel"), bias: bias.then(|| format!("{name}/bias")) };
            let parameters = [vec![input.shape[0], units], vec![units]];
            activated(walk, name, config, op.into(), input, &parameters)
        }
        "BatchNormalization" => {
            for (key, tensor, value) in [("scale", "gamma", 1.0), ("center", "beta", 0.0)] {
                if config.get(key).and_then(Value::as_bool) == Some(false) {
                    walk.written.constants.push((format!("{name}/{tensor}"), vec![input.shape[0]], value));
                }
            }
            walk.batch_norm(name, number("epsilon").unwrap_or(1e-3), input)
        }
        "Activation" => match activation(text("activation").unwrap_or("linear"), walk.is_third)? {
            Some(op) => walk.push(name, op, inputs, &[]),
            None => Ok(input.clone()),
        },
        "ReLU" => {
            if number("threshold").unwrap_or(0.0) != 0.0 {
                return Err(fault!("keras-threshold", "has a threshold other than 0"));
            }
            let slope = number("negative_slope").unwrap_or(0.0);
            let op: Op = match (number("max_value"), slope) {
                (None, 0.0) => Relu {}.into(),
                (None, slope) => LeakyRelu { slope }.into(),
                (Some(max), 0.0) => Clip { min: 0.0, max }.into(),
                (Some(_), _) => return Err(fault!("keras-relu", "has both a largest value and a negative slope")),
            };
            walk.push(name, op, inputs, &[])
        }
        "LeakyReLU" => {
            let slope = number("negative_slope").or(number("alpha")).unwrap_or(0.3);
            walk.push(name, LeakyRelu { slope }, inputs, &[])
        }
        "ELU" => walk.push(name, Elu { alpha: number("alpha").unwrap_or(1.0) }, inputs, &[]),
        "Softmax" => walk.push(name, Softmax {}, inputs, &[]),
        "PReLU" => {
            let shared = config.get("shared_axes").and_then(Value::as_array).map_or(0, Vec::len);
            if shared != 2 && input.shape[1..] != [1, 1] {
                return Err(fault!("keras-prelu", "has a slope of its own for each pixel"));
            }
            walk.push(name, Prelu { slopes: format!("{name}/alpha") }, inputs, &[vec![input.shape[0]]])
        }
        "MaxPooling2D" | "AveragePooling2D" | "MaxPool2D" | "AveragePool2D" => {
            let kernel = pair(config, "pool_size")?.unwrap_or([2, 2]);
            let stride = pair(config, "strides")?.unwrap_or(kernel);
            let padding = padding(text("padding"), input, kernel, stride, [1, 1])?;
            let op: Op = if class.starts_with("Max") {
                MaxPool { kernel, stride, padding, ceil_mode: false }.into()
            } else {
                AveragePool { kernel, stride, padding, count_include_pad: false, ceil_mode: false }.into()
            };
            walk.push(name, op, inputs, &[])
        }
        "GlobalAveragePooling2D" => walk.push(name, GlobalAveragePool {}, inputs, &[]),
        "GlobalMaxPooling2D" => {
            let [_, height, width] = input.shape;
            let op = MaxPool { kernel: [height, width], stride: [1, 1], padding: Padding::default(), ceil_mode: false };
            walk.push(name, op, inputs, &[])
        }
        "ZeroPadding2D" => {
            let sides =
                config.get("padding").and_then(|sides| serde_json::from_value::<[[usize; 2]; 2]>(sides.clone()).ok());
            let [[top, bottom], [left, right]] =
                sides.ok_or(fault!("keras-zero-padding", "pads in a way that is not known"))?;
            if [top, bottom, left, right].iter().any(|&side| side > 4096) {
                return Err(fault!("keras-padding-size", "pads by more than any image has"));
            }
            walk.push(name, Pad { padding: Padding { top, left, bottom, right } }, inputs, &[])
        }
        "Add" => walk.push(name, Add {}, inputs, &[]),
        "Multiply" => {
            let numbers = |output: &Output| output.shape.iter().product::<usize>();
            let mut inputs = inputs.to_vec();
            inputs.sort_by_key(|output| std::cmp::Reverse(numbers(output)));
            walk.push(name, Multiply {}, &inputs, &[])
        }
        "Concatenate" if !matches!(config.get("axis").and_then(Value::as_i64), None | Some(-1 | 3)) => {
            Err(fault!("keras-concatenate", "joins along another axis than the channels"))
        }
        "Concatenate" => walk.push(name, Concat {}, inputs, &[]),
        "Flatten" if input.shape[1..] == [1, 1] => Ok(input.clone()),
        "Flatten" => walk.push(name, Flatten {}, inputs, &[]),
        "Reshape" if input.shape[1..] == [1, 1] && !flag("sparse") => Ok(input.clone()),
        "Dropout" | "SpatialDropout2D" | "GaussianNoise" | "GaussianDropout" | "ActivityRegularization" => {
            Ok(input.clone())
        }
        "RandomFlip" | "RandomRotation" | "RandomZoom" | "RandomContrast" | "RandomTranslation" => Ok(input.clone()),
        "Rescaling" => {
            let (Some(scale), Some(shift)) = (number("scale"), number("offset").or(Some(0.0))) else {
                return Err(fault!("keras-rescaling", "scales each channel by a number of its own"));
            };
            rescaling(walk, name, [scale, shift], input)
        }
        _ => Err(fault!("keras-class", "is of a kind that convscope does not read")),
    }
}

/// A convolution of one pixel that scales and shifts what it reads.
fn rescaling(walk: &mut Walk, name: &str, [scale, shift]: [f32; 2], input: &Output) -> Result<Output, Fault> {
    let channels = input.shape[0];
    let names = [format!("{name}/depthwise_kernel"), format!("{name}/bias")];
    if input.node == Graph::INPUT {
        walk.written.own_scale = Some(scale.abs());
    }
    walk.written.constants.push((names[0].clone(), vec![1, 1, channels, 1], scale));
    walk.written.constants.push((names[1].clone(), vec![channels], shift));
    let [weight, bias] = names;
    let op = Conv2d {
        weight,
        bias: Some(bias),
        stride: [1, 1],
        padding: Padding::default(),
        dilation: [1, 1],
        groups: channels,
    };
    walk.push(name, op, std::slice::from_ref(input), &[vec![channels, 1, 1, 1], vec![channels]])
}

fn convolution(walk: &mut Walk, class: &str, name: &str, config: &Value, input: &Output) -> Result<Output, Fault> {
    let kernel = pair(config, "kernel_size")?.ok_or(fault!("keras-kernel", "has no kernel_size"))?;
    let stride = pair(config, "strides")?.unwrap_or([1, 1]);
    let dilation = pair(config, "dilation_rate")?.unwrap_or([1, 1]);
    let padding = padding(config.get("padding").and_then(Value::as_str), input, kernel, stride, dilation)?;
    let bias = config.get("use_bias").and_then(Value::as_bool).unwrap_or(true);
    let channels = input.shape[0];
    let [height, width] = kernel;
    let conv = |weight: &str, bias: bool, groups| Conv2d {
        weight: format!("{name}/{weight}"),
        bias: bias.then(|| format!("{name}/bias")),
        stride,
        padding,
        dilation,
        groups,
    };
    let deep = |config: &Value| -> Result<usize, Fault> {
        let times = if config.get("depth_multiplier").is_some() { size(config, "depth_multiplier")? } else { 1 };
        times.checked_mul(channels).ok_or(fault!("keras-multiplier", "has an impossible depth_multiplier"))
    };
    match class {
        "DepthwiseConv2D" => {
            let out = deep(config)?;
            let parameters = [vec![out, 1, height, width], vec![out]];
            activated(walk, name, config, conv("depthwise_kernel", bias, channels).into(), input, &parameters)
        }
        "SeparableConv2D" => {
            let (between, out) = (deep(config)?, size(config, "filters")?);
            let first = conv("depthwise_kernel", false, channels);
            let middle = format!("{name}/depthwise");
            let middle = walk.push(&middle, first, std::slice::from_ref(input), &[vec![between, 1, height, width]])?;
            let point = Conv2d {
                stride: [1, 1],
                padding: Padding::default(),
                dilation: [1, 1],
                ..conv("pointwise_kernel", bias, 1)
            };
            activated(walk, name, config, point.into(), &middle, &[vec![out, between, 1, 1], vec![out]])
        }
        _ => {
            let (out, groups) =
                (size(config, "filters")?, if config.get("groups").is_some() { size(config, "groups")? } else { 1 });
            let parameters = [vec![out, channels / groups.max(1), height, width], vec![out]];
            activated(walk, name, config, conv("kernel", bias, groups).into(), input, &parameters)
        }
    }
}

/// A layer with weights and the activation function in it.
fn activated(
    walk: &mut Walk,
    name: &str,
    config: &Value,
    op: Op,
    input: &Output,
    parameters: &[Vec<usize>],
) -> Result<Output, Fault> {
    let parameters = &parameters[..op.parameters().len()];
    let function = match config.get("activation") {
        None | Some(Value::Null) => None,
        Some(Value::String(function)) => activation(function, walk.is_third)?,
        Some(_) => return Err(fault!("keras-own-activation", "has an activation function of its own")),
    };
    let input = std::slice::from_ref(input);
    match function {
        None => walk.push(name, op, input, parameters),
        Some(function @ (Op::Softmax(_) | Op::Sigmoid(_))) => {
            let linear = walk.push(name, op, input, parameters)?;
            walk.push(&format!("{name}/{}", function.name()), function, &[linear], &[])
        }
        Some(function) => {
            let linear = walk.push(&format!("{name}/linear"), op, input, parameters)?;
            walk.push(name, function, &[linear], &[])
        }
    }
}

/// The op of a function's name; none of `linear`. Keras 3 has another hard sigmoid than Keras 2.
fn activation(name: &str, is_third: bool) -> Result<Option<Op>, Fault> {
    Ok(Some(match name {
        "linear" => return Ok(None),
        "relu" => Relu {}.into(),
        "relu6" => Clip { min: 0.0, max: 6.0 }.into(),
        "softmax" => Softmax {}.into(),
        "sigmoid" => Sigmoid {}.into(),
        "tanh" => Tanh {}.into(),
        "elu" => Elu { alpha: 1.0 }.into(),
        "swish" | "silu" => Silu {}.into(),
        "gelu" => Gelu { tanh: false }.into(),
        "hard_swish" | "hard_silu" => HardSwish {}.into(),
        "leaky_relu" => LeakyRelu { slope: 0.2 }.into(),
        "hard_sigmoid" if is_third => HardSigmoid { slope: 1.0 / 6.0, shift: 0.5 }.into(),
        "hard_sigmoid" => HardSigmoid { slope: 0.2, shift: 0.5 }.into(),
        _ => {
            return Err(fault!(
                "keras-activation",
                "has the activation function {name}, which convscope does not read",
                name
            ));
        }
    }))
}

/// TensorFlow's padding: none, or as much as gives an output for every stride of the input.
fn padding(
    kind: Option<&str>,
    input: &Output,
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
) -> Result<Padding, Fault> {
    match kind.unwrap_or("valid") {
        "valid" => return Ok(Padding::default()),
        "same" => {}
        other => return Err(fault!("keras-padding", "has the padding {other}", other)),
    }
    let around = |axis: usize| {
        let size = input.shape[axis + 1];
        let reach = dilation[axis] * (kernel[axis] - 1) + 1;
        let all = ((size.div_ceil(stride[axis]) - 1) * stride[axis] + reach).saturating_sub(size);
        [all / 2, all - all / 2]
    };
    let ([top, bottom], [left, right]) = (around(0), around(1));
    Ok(Padding { top, left, bottom, right })
}

/// Numbers that a configuration may have of a layer, more than any has.
const MAX_SIZE: u64 = 1 << 16;

fn size(config: &Value, key: &str) -> Result<usize, Fault> {
    let size = config.get(key).and_then(Value::as_u64).filter(|size| (1..=MAX_SIZE).contains(size));
    size.map(|size| size as usize).ok_or_else(|| fault!("keras-size", "has no {key} of 1 to 65536", key))
}

/// Two sizes, written as one or as a list.
fn pair(config: &Value, key: &str) -> Result<Option<[usize; 2]>, Fault> {
    let fits = |size: u64| usize::try_from(size).ok().filter(|_| (1..=4096).contains(&size));
    let wrong = || fault!("keras-pair", "has {key} that are no two sizes of 1 to 4096", key);
    match config.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(size)) => size.as_u64().and_then(fits).map(|size| Some([size; 2])).ok_or_else(wrong),
        Some(value) => {
            let sizes =
                value.as_array().and_then(|sizes| sizes.iter().map(|size| size.as_u64().and_then(fits)).collect());
            sizes.and_then(|sizes: Vec<usize>| sizes.try_into().ok()).map(Some).ok_or_else(wrong)
        }
    }
}
