//! Objectives, penalties, images of classes and dreams, on a tiny network.

use convscope::image::Image;
use convscope::observation::Observation;

use super::*;

fn text(value: &'static str) -> Value {
    Value::Text(value.into())
}

/// The image of the panel as numbers from 0 to 1, `[3, S, S]`.
fn image(panel: &Panel) -> &[f32] {
    assert!(panel.values.iter().all(|value| (0.0..=1.0).contains(value)));
    &panel.values
}

/// The mean total variation and the mean squared distance from grey, by loops.
fn penalties(image: &[f32], size: usize) -> [f32; 2] {
    let (mut variation, mut distance) = (0.0, 0.0);
    for plane in image.chunks_exact(size * size) {
        for (place, value) in plane.iter().enumerate() {
            distance += (value - 0.5).powi(2);
            variation += if place % size + 1 < size { (plane[place + 1] - value).abs() } else { 0.0 };
            variation += if place / size + 1 < size { (plane[place + size] - value).abs() } else { 0.0 };
        }
    }
    [variation, distance].map(|sum| sum / (size * size) as f32)
}

#[test]
fn neurons_and_directions_rise_and_are_images_of_their_own() {
    let model = model(&tiny(Codec::F32, 1000));
    let all = ask("a/linear", "all", 16, "lucid");
    let channels = optimize(&model, &all);
    let neurons = optimize(&model, &with(all.clone(), "objective", text("neuron")));
    assert_eq!(neurons.len(), channels.len());
    // A linear layer, in which nothing is dead: all rise.
    let rising = neurons.iter().filter(|panel| measure(panel).last > measure(panel).first + 0.01).count();
    assert_eq!(rising, neurons.len());
    assert!(neurons.iter().zip(&channels).all(|(one, other)| one.values != other.values));
    // Elsewhere is another neuron.
    let corner =
        with(with(with(all.clone(), "objective", text("neuron")), "x", Value::Float(0.0)), "y", Value::Float(1.0));
    assert!(optimize(&model, &corner).iter().zip(&neurons).any(|(one, other)| one.values != other.values));
    let direction = |weights| with(with(all.clone(), "objective", text("direction")), "direction", text(weights));
    let [random, two, one] = ["random", "1, -0.5*2", "1"].map(|weights| optimize(&model, &direction(weights)));
    for found in [&random, &two, &one] {
        assert!(found.len() == 1 && found[0].channel.is_none());
        assert!(measure(&found[0]).last > measure(&found[0]).first, "{:?}", found[0].measure);
    }
    assert_eq!(random, optimize(&model, &direction("random")), "the seed decides");
    let other = optimize(&model, &with(direction("random"), "seed", Value::Int(3)));
    assert_ne!(random[0].values, other[0].values);
    let refused = block_on(run(&*model, &direction("8"), &Collect::default())).unwrap_err().to_string();
    assert!(refused.contains("no channel 8; it has 0 to 3"), "{refused}");
    let refused = block_on(run(&*model, &direction("a"), &Collect::default())).unwrap_err().to_string();
    assert!(refused.contains("-0.5*7"), "{refused}");
}

#[test]
fn penalties_make_images_smoother_and_greyer() {
    let model = model(&tiny(Codec::F32, 1000));
    let plain = with(ask("b", "2", 24, "lucid"), "steps", Value::Int(40));
    let of = |request: &Request| penalties(image(&optimize(&model, request)[0]), 24);
    let [variation, distance] = of(&plain);
    let smooth = of(&with(plain.clone(), "total_variation", Value::Float(20.0)));
    let grey = of(&with(plain.clone(), "l2", Value::Float(50.0)));
    assert!(smooth[0] < 0.7 * variation, "{} to {variation}", smooth[0]);
    assert!(grey[1] < 0.7 * distance, "{} to {distance}", grey[1]);
    let none = with(with(plain.clone(), "total_variation", Value::Float(0.0)), "l2", Value::Float(0.0));
    assert_eq!(of(&none), [variation, distance]);
    // In the notebook's units of 0 to 255, too.
    let stored = with(ask("b", "2", 24, "keras_notebook"), "total_variation", Value::Float(500.0));
    let [rough, smooth] = [with(stored.clone(), "total_variation", Value::Float(0.0)), stored].map(|request| {
        let panel = optimize(&model, &request).remove(0);
        penalties(&panel.values, 24)[0]
    });
    assert!(smooth < rough, "{smooth} to {rough}");
}

#[test]
fn several_images_of_a_filter_lie_side_by_side_and_differ() {
    let model = model(&tiny(Codec::F32, 1000));
    let one = optimize(&model, &ask("join", "1,3", 12, "lucid"));
    let three = with(ask("join", "1,3", 12, "lucid"), "images", Value::Int(3));
    let alike = optimize(&model, &with(three.clone(), "diversity", Value::Float(0.0)));
    let apart = optimize(&model, &with(three.clone(), "diversity", Value::Float(20.0)));
    for ((one, alike), apart) in one.iter().zip(&alike).zip(&apart) {
        let drawing = alike.drawing.as_ref().unwrap();
        assert_eq!([drawing.width, drawing.height], [24, 24], "two rows of two, one of them black");
        assert_eq!(alike.values.len(), 3 * one.values.len());
        let near = |(one, other): (&f32, &f32)| (one - other).abs() < 1e-3;
        assert!(one.values.iter().zip(&alike.values).all(near), "the first is what it is alone");
        assert_ne!(alike.values, apart.values);
        let images: Vec<&[f32]> = apart.values.chunks_exact(one.values.len()).collect();
        assert!(images[0] != images[1] && images[1] != images[2]);
    }
    assert_eq!(apart, optimize(&model, &with(three, "diversity", Value::Float(20.0))), "the seed decides");
}

fn seen(width: u32, height: u32) -> Observation {
    let mut noise = common::Noise(11);
    let rgb = (0..3 * width * height).map(|_| noise.below(256) as u8).collect();
    model(&tiny(Codec::F32, 1000)).observe(Image::from_rgb(width, height, rgb).unwrap()).unwrap()
}

fn panels(seen: &Observation, method: &str, layer: &str, settings: &[(&str, &str)]) -> Vec<Panel> {
    let asked = seen.explain(method).unwrap().class(1).layer(layer);
    let asked = settings.iter().fold(asked, |asked, (id, value)| asked.set(id, value).unwrap());
    asked.artifacts().unwrap().into_iter().map(panel).collect()
}

#[test]
fn an_image_of_a_class_raises_its_logit() {
    let seen = seen(9, 7);
    let [panel] = &panels(&seen, "class_visualization", "last", &[("steps", "20")])[..] else { panic!("one") };
    assert_eq!((panel.layer.as_str(), panel.channel), ("logits", Some(1)));
    let found = measure(panel);
    assert!(found.last > found.first + 0.02, "{found:?}");
    // What is drawn, seen as any image file, has that logit.
    let drawn = seen.model().observe(panel.drawing.as_ref().unwrap().image().unwrap()).unwrap();
    assert!((drawn.prediction(1).unwrap().logit - found.drawn).abs() < 1e-3, "{found:?}");
    assert_eq!(panels(&seen, "class_visualization", "last", &[("steps", "20")])[0], *panel, "the seed decides");
    let other = panels(&seen, "class_visualization", "last", &[("steps", "20"), ("seed", "1")]).remove(0);
    assert_ne!(other.values, panel.values);
}

#[test]
fn a_dream_has_more_of_what_the_layer_sees() {
    let seen = seen(13, 9);
    for layer in ["a", "b", "join"] {
        let dream = |settings: &[(&str, &str)]| panels(&seen, "deep_dream", layer, settings);
        let little = [("octaves", "2"), ("steps", "5"), ("jitter", "2")];
        let [whole] = &dream(&little)[..] else { panic!("one") };
        assert_eq!((whole.layer.as_str(), whole.channel), (layer, None));
        let found = measure(whole);
        assert!(found.last > 1.05 * found.first && (found.drawn / found.last - 1.0).abs() < 0.05, "{found:?}");
        let drawing = whole.drawing.as_ref().unwrap();
        assert_eq!([drawing.width, drawing.height, whole.values.len() as u32], [8, 8, 192]);
        assert_eq!(dream(&little)[0], *whole, "the seed decides");
        assert_ne!(dream(&[&little[..], &[("seed", "1")]].concat())[0].values, whole.values);
        let single = dream(&[&little[..], &[("dreamt", "channels"), ("channels", "1,2")]].concat());
        assert_eq!(single.iter().map(|panel| panel.channel).collect::<Vec<_>>(), [Some(1), Some(2)]);
        assert!(single[0].values != single[1].values && single[0].values != whole.values);
        // Steps of no length leave the image as it is, whatever the octaves.
        let still = dream(&[("step_size", "0.01"), ("steps", "1"), ("octaves", "2"), ("scale", "1.1")]).remove(0);
        let original = seen.model().manifest.preprocessing.view(seen.image());
        let most = still.drawing.unwrap().rgb.iter().zip(original.rgb()).map(|(one, other)| one.abs_diff(*other)).max();
        assert!(most <= Some(1), "{most:?}");
    }
    let asked = seen.explain("deep_dream").unwrap().layer("small").set("octaves", "9").unwrap();
    let refused = asked.artifacts().unwrap_err().to_string();
    assert!(refused.contains("or fewer octaves"), "{refused}");
}

#[test]
fn a_dream_can_be_watched() {
    let watch = Watch { left: Cell::new(1000), growing: RefCell::default() };
    let seen = seen(8, 8);
    let asked = seen.explain("deep_dream").unwrap().layer("b").set("octaves", "2").unwrap();
    block_on(asked.run(&watch)).unwrap();
    let shown = watch.growing.into_inner();
    // 20 steps are shown in at most 16 images, all of the image's own size, and the last is the dream.
    assert_eq!(shown.len(), 11);
    assert!(shown.iter().all(|panel| panel.values.len() == 192));
    assert!(matches!(shown[10].measure, Measure::Optimized(_)) && matches!(shown[9].measure, Measure::Objective(_)));
}
