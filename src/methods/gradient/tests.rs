//! SmoothGrad's ways of putting gradients together against captum's noise tunnel with the same noise
//! (`tests/tools/make_attributions.py`).

use burn::tensor::{Device, Tensor, TensorData};
use serde_json::{Value, from_value};

use super::moments::Combine;

#[test]
fn gradients_of_noisy_images_are_put_together_as_captum_does() {
    let peers: Value = serde_json::from_str(include_str!("../../../tests/data/attributions.json")).unwrap();
    let tunnel = &peers["plain"]["noise_tunnel"];
    let numbers = |name: &str| from_value::<Vec<f32>>(tunnel[name].clone()).unwrap();
    let [width, height]: [usize; 2] = from_value(peers["size"].clone()).unwrap();
    let count = tunnel["count"].as_u64().unwrap() as usize;
    let gradients = TensorData::new(numbers("gradients"), [count, 3, height, width]);
    let gradients = Tensor::<4>::from_data(gradients, &Device::flex());
    // Any gradient is a centre; batches of two, the last of one.
    let centre = gradients.clone().narrow(0, 3, 1);
    for (combine, name) in
        [(Combine::Mean, "smoothgrad"), (Combine::Squared, "smoothgrad_sq"), (Combine::Variance, "vargrad")]
    {
        let mut sums = vec![];
        for first in (0..count).step_by(2) {
            let batch = gradients.clone().narrow(0, first, 2.min(count - first));
            let batch: Vec<f32> = combine.sums(batch, centre.clone()).into_data().try_into_vec().unwrap();
            sums.resize(batch.len(), 0.0);
            sums.iter_mut().zip(batch).for_each(|(sum, value): (&mut f64, f32)| *sum += f64::from(value));
        }
        let (found, expected) = (combine.of_sums(&sums, count), numbers(name));
        let largest = expected.iter().fold(0_f32, |most, value| most.max(value.abs()));
        let far = |(one, other): (&f64, &f32)| (*one as f32 - other).abs() / largest;
        let difference = found.iter().zip(&expected).map(far).fold(0.0, f32::max);
        println!("{name}: {difference:e}");
        assert!(found.len() == expected.len() && largest > 0.0 && difference < 1e-5, "{name}: {difference}");
    }
}
