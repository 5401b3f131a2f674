//! Runs an imported graph by slow loops written from the definitions of the ops.

use std::collections::HashMap;

use crate::{FloatTensor, Imported};
use convscope_core::nn::{AveragePool, Clip, Conv2d, Graph, MaxPool, Op, Pad, Padding};

use super::run_more;

/// An image `[C, H, W]` without much of a pattern.
pub(super) fn image(channels: usize, height: usize, width: usize) -> Vec<f32> {
    (0..channels * height * width).map(|index| ((index * 29 + 7) % 50) as f32 / 25.0 - 0.8).collect()
}

/// Every node's output, by name.
pub(super) fn run(imported: &Imported, image: &[f32], size: [usize; 3]) -> HashMap<String, Vec<f32>> {
    let shape = |name: &str| imported.tensors.get(name).map(|tensor| tensor.shape.clone());
    let graph = Graph::new(imported.nodes.clone(), size, shape).unwrap();
    let mut outputs = HashMap::from([("input".to_owned(), (image.to_vec(), size))]);
    for (id, node) in graph.nodes().iter().enumerate() {
        let inputs: Vec<_> = node.inputs.iter().map(|name| &outputs[name]).collect();
        let read = |&name: &&str| {
            let tensor = &imported.tensors[name];
            FloatTensor { shape: tensor.shape.clone(), values: tensor.read().unwrap() }
        };
        let parameters: Vec<FloatTensor> = node.op.parameters().iter().map(read).collect();
        let parameters: Vec<&FloatTensor> = parameters.iter().collect();
        let bias = |out: usize| parameters.get(1).map_or(0.0, |bias| bias.values[out]);
        let (x, [channels, height, width]) = inputs[0];
        let [out_channels, out_height, out_width] = graph.shape(id);
        let at = |c: usize, y: isize, x_: isize| {
            let inside = (0..*height as isize).contains(&y) && (0..*width as isize).contains(&x_);
            inside.then(|| x[(c * height + y as usize) * width + x_ as usize])
        };
        // Every number of the output from its place.
        let each = |value: &dyn Fn(usize, usize, usize) -> f32| {
            let mut values = vec![];
            for c in 0..out_channels {
                for y in 0..out_height {
                    values.extend((0..out_width).map(|x| value(c, y, x)));
                }
            }
            values
        };
        let window = |c, y: usize, x: usize, kernel: [usize; 2], stride: [usize; 2], padding: Padding| {
            let mut values = vec![];
            for i in 0..kernel[0] {
                for j in 0..kernel[1] {
                    let y = (y * stride[0] + i) as isize - padding.top as isize;
                    values.push(at(c, y, (x * stride[1] + j) as isize - padding.left as isize));
                }
            }
            values
        };
        let output = match &node.op {
            Op::Conv2d(Conv2d { stride, padding, dilation, groups, .. }) => each(&|out, y, x| {
                let weight = parameters[0];
                let [outs, ins, rows, columns] = weight.shape[..] else { panic!("a kernel") };
                let mut sum = bias(out);
                for k in 0..ins {
                    let channel = out / (outs / groups) * ins + k;
                    for i in 0..rows {
                        for j in 0..columns {
                            let y = (y * stride[0] + i * dilation[0]) as isize - padding.top as isize;
                            let x = (x * stride[1] + j * dilation[1]) as isize - padding.left as isize;
                            let place = ((out * ins + k) * rows + i) * columns + j;
                            sum += weight.values[place] * at(channel, y, x).unwrap_or(0.0);
                        }
                    }
                }
                sum
            }),
            Op::Dense(_) => each(&|out, _, _| {
                let product = |(index, value): (usize, &f32)| value * parameters[0].values[index * out_channels + out];
                bias(out) + x.iter().enumerate().map(product).sum::<f32>()
            }),
            Op::Relu(_) => x.iter().map(|value| value.max(0.0)).collect(),
            Op::Silu(_) => x.iter().map(|value| value / (1.0 + (-value).exp())).collect(),
            Op::Clip(Clip { min, max }) => x.iter().map(|value| value.clamp(*min, *max)).collect(),
            Op::Pad(Pad { padding }) => each(&|c, y, x| {
                at(c, y as isize - padding.top as isize, x as isize - padding.left as isize).unwrap_or(0.0)
            }),
            Op::Sigmoid(_) => x.iter().map(|value| 1.0 / (1.0 + (-value).exp())).collect(),
            Op::Opposites(_) => vec![-x[0], x[0]],
            Op::MaxPool(MaxPool { kernel, stride, padding, .. }) => each(&|c, y, x| {
                window(c, y, x, *kernel, *stride, *padding).into_iter().flatten().fold(f32::MIN, f32::max)
            }),
            Op::AveragePool(AveragePool { kernel, stride, padding, count_include_pad, .. }) => each(&|c, y, x| {
                let all = window(c, y, x, *kernel, *stride, *padding);
                let count = if *count_include_pad { all.len() } else { all.iter().flatten().count() };
                all.iter().flatten().sum::<f32>() / count as f32
            }),
            Op::GlobalAveragePool(_) => {
                let mean = |map: &[f32]| map.iter().sum::<f32>() / map.len() as f32;
                x.chunks_exact(height * width).map(mean).collect()
            }
            Op::Concat(_) => inputs.iter().flat_map(|(values, _)| values.clone()).collect(),
            Op::Add(_) => (0..x.len()).map(|index| inputs.iter().map(|(values, _)| values[index]).sum()).collect(),
            Op::Flatten(_) => x.clone(),
            Op::Softmax(_) => {
                assert_eq!([*height, *width], [1, 1]);
                let sum: f32 = x.iter().map(|value| value.exp()).sum();
                x.iter().map(|value| value.exp() / sum).collect()
            }
            other => run_more::run(other, &inputs, &parameters, &each),
        };
        assert_eq!(output.len(), out_channels * out_height * out_width, "{} {channels}", node.name);
        outputs.insert(node.name.clone(), (output, graph.shape(id)));
    }
    outputs.into_iter().map(|(name, (values, _))| (name, values)).collect()
}
