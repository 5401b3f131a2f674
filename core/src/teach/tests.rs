//! Heads beside scikit-learn 1.9.1: `make_pipeline(StandardScaler(), LogisticRegression(C=1 / penalty, tol=1e-14))`.

use super::*;

const CLASSES: usize = 3;

/// Twelve images of five features, the last of which is the same everywhere.
fn images() -> (Vec<Vec<f32>>, Vec<usize>) {
    let number =
        |i: usize, f: usize| ((i * 7 + f * 3 + i * i * f) % 11) as f32 / 4.0 + if i % 3 == f { 1.5 } else { 0.0 };
    let images = (0..12).map(|i| (0..4).map(|f| number(i, f)).chain([2.0]).collect()).collect();
    (images, (0..12).map(|i| i % CLASSES).collect())
}

fn close(one: &[f64], other: &[f64]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| (one - other).abs() < 1e-6)
}

#[test]
fn a_head_is_the_softmax_regression_of_scikit_learn() {
    let (images, of) = images();
    let features: Vec<&[f32]> = images.iter().map(|one| &one[..]).collect();
    let head = Head::fit(&features, &of, CLASSES, PENALTY, None);
    let expected = [
        (0, [0.513_632_255, 0.266_749_294, 0.219_618_451]),
        (1, [0.346_974_318, 0.515_799_378, 0.137_226_305]),
        (5, [0.070_897_694, 0.422_210_862, 0.506_891_444]),
        (11, [0.078_641_963, 0.082_520_897, 0.838_837_14]),
    ];
    for (image, expected) in expected {
        assert!(
            close(&head.probabilities(&images[image]), &expected),
            "{image}: {:?}",
            head.probabilities(&images[image])
        );
    }
    let strict = Head::fit(&features, &of, CLASSES, 4.0, Some(&head));
    assert!(close(&strict.probabilities(&images[0]), &[0.398_181_906, 0.302_183_208, 0.299_634_886]));
    let weights: Vec<f64> =
        head.weights[..3].iter().chain(&head.weights[12..]).map(|&weight| f64::from(weight)).collect();
    assert!(close(&weights, &[0.686_499_2, 0.005_899_6, -0.692_398_8, 0.0, 0.0, 0.0]), "{weights:?}");
}

#[test]
fn the_order_of_the_images_does_not_matter() {
    let (images, of) = images();
    let features: Vec<&[f32]> = images.iter().map(|one| &one[..]).collect();
    let (turned, classes) =
        (features.iter().rev().copied().collect::<Vec<_>>(), of.iter().rev().copied().collect::<Vec<_>>());
    let [one, other] =
        [(&features, &of), (&turned, &classes)].map(|(features, of)| Head::fit(features, of, CLASSES, PENALTY, None));
    let far =
        |one: &[f32], other: &[f32]| one.iter().zip(other).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max);
    assert!(far(&one.weights, &other.weights) < 1e-6 && far(&one.biases, &other.biases) < 1e-6);
}

#[test]
fn a_trial_leaves_each_image_out() {
    let (images, of) = images();
    let features: Vec<&[f32]> = images.iter().map(|one| &one[..]).collect();
    let (head, mut trying) = Trying::new(features.clone(), of.clone(), CLASSES, PENALTY);
    assert_eq!(head, Head::fit(&features, &of, CLASSES, PENALTY, None));
    assert!(trying.step() && trying.step());
    assert_eq!(trying.progress(), (2, 12));
    let trial = trying.end().expect("a trial");
    assert_eq!(trial.found, [1, 0, 1, 0, 1, 1, 0, 2, 2, 0, 1, 2], "as scikit-learn has it");
    assert_eq!((trial.right.count, trial.right.of, trial.left_out), (7, 12, 1));
    assert_eq!(trial.confusion, [3, 1, 0, 1, 2, 1, 0, 2, 2]);
    assert!(Trying::new(vec![], vec![], CLASSES, PENALTY).1.end().is_none());
}

#[test]
fn more_images_are_left_out_a_tenth_at_a_time_and_of_each_class_alike() {
    // Classes of 60, 30 and 15 images, in no order.
    let of: Vec<usize> = (0..105).map(|at| [0, 1, 0, 0, 1, 0, 2][at % 7]).collect();
    let part = folds(&of, CLASSES);
    for out in 0..10 {
        let of_class = |class| of.iter().zip(&part).filter(|(of, part)| **of == class && **part == out).count();
        assert_eq!(of_class(0), 6);
        assert_eq!(of_class(1), 3);
        assert!((1..=2).contains(&of_class(2)), "{out}");
    }
    assert_eq!(folds(&of[..100], CLASSES), (0..100).collect::<Vec<_>>());
}

/// Examples of those images, with a class name each.
fn examples() -> Examples {
    let (images, of) = images();
    let labels: Vec<&str> = of.iter().map(|&class| ["c", "a", "b"][class]).collect();
    let mut examples = Examples::of_labels(&labels).expect("enough of each");
    for (index, (image, label)) in images.into_iter().zip(labels).enumerate() {
        let name = format!("{label}/{index}");
        assert_eq!(examples.meet(&name, label, index.to_string()).expect("one label"), None);
        examples.add(&name, label, image);
    }
    examples
}

#[test]
fn examples_are_of_classes_in_alphabetical_order_and_each_file_counts_once() {
    let mut examples = examples();
    assert_eq!(examples.classes, ["a", "b", "c"]);
    assert_eq!(examples.all.iter().take(3).map(|one| one.class).collect::<Vec<_>>(), [2, 0, 1]);
    assert_eq!(examples.meet("c/99", "c", "3".into()).expect("one label"), Some("c/3".into()));
    let said = examples.meet("a/99", "a", "3".into()).expect_err("two labels").to_string();
    assert!(said.contains("a/99 is the same file as c/3") && said.contains("a and c"), "{said}");
    let (_, trying) = examples.teach(PENALTY).expect("enough");
    let trial = trying.end().expect("a trial");
    let wrong: Vec<_> = examples.wrong(&trial).map(|(one, found)| (one.name.as_str(), found)).collect();
    assert_eq!((wrong.len(), wrong[0]), (5, ("c/0", 0)), "as the trial by index has it");
}

#[test]
fn too_few_images_are_refused_before_they_are_looked_at_and_after() {
    let too_few = |labels: &[&str]| Examples::of_labels(labels).expect_err("too few").to_string();
    assert!(too_few(&[]).contains("none") && too_few(&["a", "a"]).contains("a (2)"));
    assert!(too_few(&["a", "a", "b"]).contains("a (2), b (1)"));
    let mut examples = Examples::of_labels(&["a", "a", "b", "b"]).expect("enough");
    examples.add("1", "a", vec![1.0]);
    let said = examples.teach(PENALTY).expect_err("one was lost").to_string();
    assert!(said.contains("a (1), b (0)"), "{said}");
}

#[test]
fn few_images_are_said_to_prove_little() {
    let (images, of) = images();
    let features: Vec<&[f32]> = images.iter().map(|one| &one[..]).collect();
    let trial = Trying::new(features, of, CLASSES, PENALTY).1.end().expect("a trial");
    let said: Vec<String> = verdict(&trial).iter().map(ToString::to_string).collect();
    assert!(said[0].starts_with("7 of 12 images are right, each when it is left out: 58 %"), "{said:?}");
    // R: prop.test(7, 12, correct = FALSE) gives 0.3195 to 0.8067.
    assert!(said[0].contains("32 to 81 %") && said[1].starts_with("12 images prove little"), "{said:?}");
    let many = Trial { right: crate::share::Share::of(980, 1000).expect("a share"), left_out: 100, ..trial };
    let said: Vec<String> = verdict(&many).iter().map(ToString::to_string).collect();
    assert!(said.len() == 1 && said[0].contains("100 at a time left out"), "{said:?}");
}
