//! Guesses by what a file says of its input and by its name.

use super::*;

#[test]
fn a_preset_is_guessed_by_input_and_name() {
    let input = |side: Option<usize>, channels_last| {
        let size = side.map(|side| [side; 2]);
        Input { size, channels_last, ..Input::default() }
    };
    let own = |scale| Input { own_scale: Some(scale), ..input(Some(224), false) };
    let whole = Input { whole_pixels: true, ..input(Some(224), true) };
    for (input, name, expected) in [
        (input(Some(224), false), "resnet18.onnx", Preset::Torchvision),
        (input(None, false), "model.onnx", Preset::Torchvision),
        (input(Some(32), false), "resnet18.onnx", Preset::ZeroToOne),
        (input(Some(224), true), "mobilenetv2.onnx", Preset::Tf),
        (input(Some(224), true), "resnet50.onnx", Preset::Caffe),
        (input(Some(224), true), "resnet50v2.onnx", Preset::Tf),
        (input(Some(224), true), "efficientnetv2.onnx", Preset::ZeroTo255),
        (input(Some(224), true), "densenet121.onnx", Preset::Torch),
        (input(Some(224), true), "cats.onnx", Preset::ZeroToOne),
        // 1 / 255 and 1 / 0.225; a network that does this itself is not done it to again.
        (own(0.0039), "resnet18.onnx", Preset::ZeroTo255),
        (own(4.44), "resnet18.onnx", Preset::ZeroToOne),
        (whole, "mobilenetv2.onnx", Preset::ZeroTo255),
    ] {
        let (preset, because) = preset(&input, name);
        assert_eq!(preset, expected, "{name}: {because}");
    }
}

#[test]
fn numbers_that_are_given_come_before_those_of_the_preset() {
    let answers = Answers {
        scale: Some(1.0 / 128.0),
        mean: Some([127.0 / 128.0; 3]),
        fit: Some(Fit::Squash),
        ..Answers::default()
    };
    let given = preprocessing(Preset::Torchvision.preprocessing([3, 4]), &answers);
    assert_eq!((given.scale, given.mean, given.fit), (1.0 / 128.0, [127.0 / 128.0; 3], Fit::Squash));
    assert_eq!((given.width, given.height, given.std), (4, 3, [0.229, 0.224, 0.225]));
}
