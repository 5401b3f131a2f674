//! Backward passes to the input, of one image and of many, and the maps that are made of them.

use burn::tensor::{Tensor, TensorData};

use super::Run;
use crate::artifact::Artifact;
use crate::error::Result;
use crate::explain::{AttributionMap, Evidence, Reduction};
use crate::nn::{Composite, Graph, NodeId, ReluRule};
use crate::observation::finite;

impl Run<'_> {
    /// Gradients of the target's score at other inputs `[N, 3, H, W]`, each by its own pixels, `[N, 3, H, W]`.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) where the model has no such class.
    pub fn input_gradients(&self, inputs: Tensor<4>) -> Result<Tensor<4>> {
        let (output, seed) = self.observation()?.seed(self.target()?, self.request.convention.score)?;
        let (network, count) = (&self.model().network, inputs.dims()[0]);
        let none = inputs.zeros_like();
        let trace = network.forward(inputs, &[]);
        let seeds = seed.repeat_dim(0, count);
        let arrived = network.pullback(&trace, output, seeds, ReluRule::Gradient, &[None]);
        Ok(arrived.into_iter().next().flatten().unwrap_or(none))
    }

    /// Sums, row-major, of the numbers that `of_batch` makes of gradients `[N, 3, H, W]`, `[M, 3, H, W]`, added up over the
    /// batches of `total` inputs. `inputs` gives those of some numbers, `[N, 3, H, W]`. Tells of its progress.
    ///
    /// # Errors
    /// Those of [`Run::input_gradients`], [`Error::Device`](crate::Error::Device) where the device stops working, and
    /// [`Error::Cancelled`](crate::Error::Cancelled).
    pub async fn sum_over_gradients(
        &self,
        total: usize,
        mut inputs: impl FnMut(&[usize]) -> Result<Tensor<4>>,
        of_batch: impl Fn(&[usize], Tensor<4>) -> Tensor<4>,
    ) -> Result<Vec<f64>> {
        let numbers: Vec<usize> = (0..total).collect();
        let mut sums = vec![];
        let add = async |batch: &[usize]| {
            let gradients = self.input_gradients(inputs(batch)?)?;
            let values = finite(Graph::INPUT, self.read(of_batch(batch, gradients)).await?)?;
            sums.resize(values.len(), 0.0);
            sums.iter_mut().zip(values).for_each(|(sum, value): (&mut f64, f32)| *sum += f64::from(value));
            Ok(Vec::<()>::new())
        };
        self.batches(total).map(&numbers, add).await?;
        Ok(sums)
    }

    /// Tensors that arrive at places of the network, `[1, C, h, w]`, of the class's seed under rules; `None` is the input. `by_score` starts
    /// with the score instead of 1. Zeros where no path leads to a place.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) where the model has no such class.
    pub fn arriving(&self, rules: impl Composite, by_score: bool, places: &[Option<NodeId>]) -> Result<Vec<Tensor<4>>> {
        let seen = self.observation()?;
        let (output, seed) = seen.seed(self.target()?, self.request.convention.score)?;
        let (network, trace) = (&self.model().network, seen.trace());
        let seed = if by_score { seed * network.output(trace, output) } else { seed };
        let arrived = network.pullback(trace, output, seed, rules, places);
        let nothing = |&place: &Option<NodeId>| match place {
            None => seen.input().zeros_like(),
            Some(layer) => seen.features(layer).zeros_like(),
        };
        Ok(arrived.into_iter().zip(places).map(|(arrived, place)| arrived.unwrap_or_else(|| nothing(place))).collect())
    }

    /// Map of a result at the input, `values` `[3, H, W]`, row-major, its channels made one by `reduction`.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) where no image has been looked at, [`Error::Weights`](crate::Error::Weights) where
    /// a number is none.
    pub fn attribution(&self, values: Vec<f32>, reduction: Reduction) -> Result<Artifact> {
        let [.., height, width] = self.input()?.dims();
        let values = finite(Graph::INPUT, values)?;
        let reaches = [values.iter().fold(0_f32, |most, value| most.max(value.abs()))];
        let evidence = Evidence::Weights(&reaches);
        let score = self.score();
        let size = [width, height];
        let mut map = AttributionMap::reduced(Graph::INPUT.into(), size, values, reduction, evidence, score);
        self.diagnose(&mut map, None);
        Ok(Artifact::Map(map))
    }

    /// Numbers `[N, C, H, W]`, row-major, on the model's device.
    pub fn tensor(&self, values: Vec<f32>, shape: [usize; 4]) -> Tensor<4> {
        Tensor::from_data(TensorData::new(values, shape), self.model().network.device())
    }
}
