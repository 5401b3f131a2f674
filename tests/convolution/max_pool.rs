//! Max pools on the CPU.

use burn::tensor::{Device, Tensor, TensorData};
use convscope::nn::{Graph, MaxPool, Network, Node, Padding, ReluRule};

use crate::common::Noise;

#[test]
fn max_pools_of_step_two_keep_the_first_maximum_and_its_place() {
    let mut noise = Noise(53);
    for index in 0..60 {
        let (kernel, ceil_mode) = ([2, 3][index % 2], index % 4 < 2);
        let [channels, height, width] = [1 + noise.below(3), 3 + noise.below(9), 3 + noise.below(9)];
        let op = MaxPool { kernel: [kernel; 2], stride: [2, 2], padding: Padding::default(), ceil_mode };
        let node = Node { name: "pool".into(), inputs: vec![Graph::INPUT.into()], op: op.into() };
        let graph = Graph::new(vec![node], [channels, height, width], |_| None).unwrap();
        let [_, rows, columns] = graph.shape(0);
        let network = Network::new(graph, |_| None, Device::flex()).unwrap();
        // Few different numbers, so that many windows have several maxima.
        let x: Vec<f32> = (0..2 * channels * height * width).map(|_| noise.below(4) as f32 - 2.0).collect();
        let input = Tensor::from_data(TensorData::new(x.clone(), [2, channels, height, width]), &Device::flex());
        let trace = network.forward(input, &[0]);
        let actual: Vec<f32> = network.output(&trace, 0).into_data().try_into_vec().unwrap();
        let gradient = noise.many(actual.len());
        let seed = Tensor::from_data(TensorData::new(gradient.clone(), [2, channels, rows, columns]), &Device::flex());
        let back = network.pullback(&trace, 0, seed, ReluRule::Gradient, &[None]).remove(0).unwrap();
        let back: Vec<f32> = back.into_data().try_into_vec().unwrap();

        let mut expected = vec![0.0; x.len()];
        for (output, &maximum) in actual.iter().enumerate() {
            let (plane, row, column) = (output / (rows * columns), output / columns % rows, output % columns);
            let window = (2 * row..(2 * row + kernel).min(height)).flat_map(|y| {
                (2 * column..(2 * column + kernel).min(width)).map(move |x| (plane * height + y) * width + x)
            });
            let mut best: Option<usize> = None;
            for place in window {
                if best.is_none_or(|best| x[place] > x[best]) {
                    best = Some(place);
                }
            }
            assert_eq!(maximum, x[best.unwrap()], "{kernel}, {ceil_mode}, {height} x {width}, {output}");
            expected[best.unwrap()] += gradient[output];
        }
        for (actual, expected) in back.iter().zip(&expected) {
            assert!((actual - expected).abs() < 1e-5, "{kernel}, {ceil_mode}, {height} x {width}");
        }
    }
}
