//! Random small graphs of every op.

use std::collections::HashMap;

use burn::tensor::{Device, Tensor, TensorData};
use convscope::model::column_chunks;
use convscope::nn::{
    Add, AveragePool, Clip, Concat, Conv2d, Dense, Flatten, GlobalAveragePool, Graph, MaxPool, Network, Node, Op,
    Padding, Parameter, Relu, Silu, Softmax,
};

use crate::common::Noise;

/// A graph that grows: nodes and their parameters.
pub(crate) struct Builder {
    noise: Noise,
    nodes: Vec<Node>,
    parameters: HashMap<String, Parameter>,
    device: Device,
}

impl Builder {
    fn tensor<const D: usize>(&mut self, shape: [usize; D]) -> Tensor<D> {
        let values = self.noise.many(shape.iter().product());
        Tensor::from_data(TensorData::new(values, shape), &self.device)
    }

    fn push(&mut self, op: impl Into<Op>, inputs: &[&str]) -> String {
        let name = format!("n{}", self.nodes.len());
        let inputs = inputs.iter().map(|&input| input.to_owned()).collect();
        self.nodes.push(Node { name: name.clone(), inputs, op: op.into() });
        name
    }

    fn conv(&mut self, input: &str, [into, out]: [usize; 2], kernel: [usize; 2], groups: usize) -> String {
        let index = self.nodes.len();
        let weight = self.tensor([out, into / groups, kernel[0], kernel[1]]);
        let bias = self.tensor([out]);
        let names = [format!("w{index}"), format!("b{index}")];
        self.parameters.insert(names[0].clone(), Parameter::Kernel(weight));
        self.parameters.insert(names[1].clone(), Parameter::Vector(bias));
        let mut pad = || self.noise.below(3);
        let padding = Padding { top: pad(), left: pad(), bottom: pad(), right: pad() };
        let op = Conv2d {
            weight: names[0].clone(),
            bias: Some(names[1].clone()),
            stride: [1 + self.noise.below(2), 1 + self.noise.below(2)],
            padding,
            dilation: [1 + self.noise.below(2), 1],
            groups,
        };
        self.push(op, &[input])
    }

    /// A random graph on `[3, 11, 9]`: a stem, two branches joined by concat and two by add, pools, and a dense end.
    pub(crate) fn random(seed: u32, device: &Device) -> (Network, usize) {
        let noise = Noise(seed);
        let mut graph = Self { noise, nodes: vec![], parameters: HashMap::new(), device: device.clone() };
        let stem = graph.conv("input", [3, 4], [3, 2], 1);
        let stem = match seed % 4 {
            1 => graph.push(Clip { min: -0.5, max: 1.5 }, &[&stem]),
            3 => graph.push(Silu {}, &[&stem]),
            _ => graph.push(Relu {}, &[&stem]),
        };
        let uneven = Padding { top: 1, left: 0, bottom: 0, right: 1 };
        let padding = if seed.is_multiple_of(3) { uneven } else { Padding::all(1) };
        let ceil_mode = seed.is_multiple_of(5);
        let pool = MaxPool { kernel: [3, 2], stride: [2, 1], padding, ceil_mode };
        let pool = graph.push(pool, &[&stem]);
        // Two looks at the pool of one size: 1 x 1 convolutions, one of them in groups.
        let mut branch = |groups: usize| {
            let index = graph.nodes.len();
            let weight = graph.tensor([4, 4 / groups, 1, 1]);
            graph.parameters.insert(format!("w{index}"), Parameter::Kernel(weight));
            let op = Conv2d {
                weight: format!("w{index}"),
                bias: None,
                stride: [1, 1],
                padding: Padding::default(),
                dilation: [1, 1],
                groups,
            };
            let linear = graph.push(op, &[&pool]);
            if seed % 3 == groups as u32 { graph.push(Silu {}, &[&linear]) } else { graph.push(Relu {}, &[&linear]) }
        };
        let (left, right) = (branch(1), branch(2));
        let sum = graph.push(Add {}, &[&left, &right, &pool]);
        let join = graph.push(Concat {}, &[&sum, &right, &left]);
        let average = AveragePool {
            kernel: [2, 2],
            stride: [1, 2],
            padding: Padding::all(seed as usize % 2),
            count_include_pad: seed.is_multiple_of(3),
            ceil_mode: false,
        };
        let small = graph.push(average, &[&join]);
        let small = if seed.is_multiple_of(4) {
            graph.push(GlobalAveragePool {}, &[&small])
        } else {
            graph.push(Flatten {}, &[&small])
        };
        let so_far = graph.checked();
        let rows = so_far.shape(so_far.id(&small).unwrap())[0];
        // Small weights keep the softmax away from its ceiling, where its gradient is a difference of almost equal numbers
        // and float32 itself, autodiff's too, is off by more than is asked for here.
        let weight: Vec<f32> = graph.noise.many(rows * 5).into_iter().map(|weight| weight / rows as f32).collect();
        let bias = graph.tensor([5]);
        // Chunks of two columns: the seams of the chunks are part of the test.
        let chunks = column_chunks(rows, 5, 8 * rows).map(|columns| {
            let piece: Vec<f32> = weight.chunks_exact(5).flat_map(|row| row[columns.clone()].to_vec()).collect();
            Tensor::<2>::from_data(TensorData::new(piece, [rows, columns.len()]), device)
        });
        let chunks: Vec<Tensor<2>> = chunks.collect();
        assert_eq!(chunks.len(), 3);
        graph.parameters.insert("dense.w".into(), Parameter::Columns(chunks));
        graph.parameters.insert("dense.b".into(), Parameter::Vector(bias));
        let dense = Dense { weight: "dense.w".into(), bias: Some("dense.b".into()) };
        let dense = graph.push(dense, &[&small]);
        let last = graph.push(Softmax {}, &[&dense]);
        let checked = graph.checked();
        let last = checked.id(&last).unwrap();
        (Network::new(checked, |name| graph.parameters.get(name).cloned(), device.clone()).unwrap(), last)
    }

    fn checked(&self) -> Graph {
        let shape = |name: &str| self.parameters.get(name).map(Parameter::shape);
        Graph::new(self.nodes.clone(), [3, 11, 9], shape).unwrap()
    }
}
