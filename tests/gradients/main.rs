//! Every op's forward pass against slow loops, every op's pullback against burn's autodiff on random small graphs, and the rules of
//! a backward pass against their papers.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../common/mod.rs"]
mod common;
mod forward;
mod graph;
mod innvestigate;
mod lrp;
mod networks;
mod ops;
mod rules;
mod windows;

use burn::tensor::{Device, Tensor, TensorData};
use common::Noise;
use convscope::nn::ReluRule;
use graph::Builder;

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec::<f32>().unwrap()
}

fn relative_difference(actual: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(actual.len(), expected.len());
    let largest = expected.iter().fold(1e-30_f32, |largest, value| largest.max(value.abs()));
    let difference = actual.iter().zip(expected).fold(0_f32, |most, (one, other)| most.max((one - other).abs()));
    difference / largest
}

#[test]
fn pullbacks_equal_autodiff_on_random_graphs() {
    // Two networks of the same numbers: burn's autodiff works the oracle's out, ours is walked without it.
    let (plain, tracked) = (Device::flex(), Device::flex().autodiff());
    let mut worst = 0_f32;
    for seed in 1..=40 {
        let mut noise = Noise(seed + 1000);
        let input = TensorData::new(noise.many(3 * 11 * 9), [1, 3, 11, 9]);
        let questions = TensorData::new(noise.many(5), [1, 5, 1, 1]);

        let (network, last) = Builder::random(seed, &tracked);
        let x = Tensor::<4>::from_data(input.clone(), &tracked).require_grad();
        let output = network.output(&network.forward(x.clone(), &[]), last);
        let gradients = (output * Tensor::from_data(questions.clone(), &tracked)).sum().backward();
        let oracle = values(x.grad(&gradients).unwrap());

        let (network, last) = Builder::random(seed, &plain);
        let trace = network.forward(Tensor::from_data(input, &plain), &[]);
        let questions = Tensor::from_data(questions, &plain);
        let ours = network.pullback(&trace, last, questions, ReluRule::Gradient, &[None]);
        let ours = values(ours.into_iter().next().flatten().unwrap());
        assert!(oracle.iter().any(|&value| value != 0.0), "graph {seed}: the oracle is blind");
        let difference = relative_difference(&ours, &oracle);
        worst = worst.max(difference);
        assert!(difference <= 1e-5, "graph {seed}: relative difference {difference}");
    }
    println!("largest relative difference to autodiff over 40 graphs: {worst:e}");
}

#[test]
fn a_batch_of_questions_is_each_question_alone() {
    let device = Device::flex();
    for seed in [2, 3, 4, 15] {
        let (network, last) = Builder::random(seed, &device);
        let input = TensorData::new(Noise(9).many(3 * 11 * 9), [1, 3, 11, 9]);
        let trace = network.forward(Tensor::from_data(input, &device), &[]);
        let questions = Noise(seed).many(2 * 5);
        let ask = |questions: &[f32], count: usize| {
            let seed = Tensor::<4>::from_data(TensorData::new(questions.to_vec(), [count, 5, 1, 1]), &device);
            let wanted = [None, Some(2)];
            let answers = network.pullback(&trace, last, seed, ReluRule::Gradient, &wanted);
            answers.into_iter().map(|answer| values(answer.unwrap())).collect::<Vec<_>>()
        };
        let both = ask(&questions, 2);
        let (first, second) = (ask(&questions[..5], 1), ask(&questions[5..], 1));
        for (both, (first, second)) in both.iter().zip(first.into_iter().zip(second)) {
            assert!(relative_difference(both, &[first, second].concat()) <= 1e-5);
        }
    }
}

#[test]
fn only_what_is_asked_for_is_walked_to() {
    let device = Device::flex();
    let (network, last) = Builder::random(2, &device);
    let input = TensorData::new(Noise(9).many(3 * 11 * 9), [1, 3, 11, 9]);
    let trace = network.forward(Tensor::from_data(input, &device), &[]);
    let seed = Tensor::<4>::ones([1, 5, 1, 1], &device);
    // The dense layer, the softmax itself, and a node behind the start: the last has no answer.
    let dense = last - 1;
    let wanted = [Some(dense), Some(last)];
    let actual = network.pullback(&trace, last, seed.clone(), ReluRule::Gradient, &wanted);
    assert!(actual.iter().all(Option::is_some));
    let none = network.pullback(&trace, dense, seed, ReluRule::Gradient, &[Some(last)]);
    assert!(none[0].is_none());
}
