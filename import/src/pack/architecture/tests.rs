//! Files of weights and the architectures that they are taken for.

use super::*;

/// A file with an architecture's tensors, whose numbers nobody asks for, behind a prefix, and with others.
fn file(id: &str, prefix: &str, others: &[(&str, &[usize])]) -> Imported {
    let shapes = Architecture::named(id).unwrap().tensors(5);
    let own = shapes.into_iter().map(|(name, shape)| (format!("{prefix}{name}"), shape));
    let others = others.iter().map(|(name, shape)| ((*name).to_owned(), shape.to_vec()));
    let tensors = own
        .chain(others)
        .map(|(name, shape)| (name, Tensor::from(crate::FloatTensor { shape, values: vec![] })))
        .collect();
    Imported { tensors, ..Imported::default() }
}

fn recipe() -> Recipe {
    Recipe::of_file(std::path::Path::new("net.pth"), Architecture::named("vgg16").unwrap().preprocessing([224; 2]))
}

/// What a file is taken for, and the notes.
fn given(mut file: Imported, asked: Option<&str>) -> Result<(Option<&'static str>, Vec<String>), String> {
    let taken = give(&mut recipe(), &mut file, asked).map_err(|fault| fault.to_string())?;
    Ok((taken.map(|architecture| architecture.id), file.notes.iter().map(ToString::to_string).collect()))
}

#[test]
fn every_architecture_is_told_from_all_others() {
    for known in architectures() {
        for prefix in ["", "module.", "state_dict.model."] {
            assert_eq!(given(file(known.id, prefix, &[]), None), Ok((Some(known.id), vec![])), "{prefix}");
        }
    }
}

#[test]
fn a_network_with_more_layers_is_not_taken_for_the_smaller_one() {
    // ResNet-101, in short.
    let more: [(&str, &[usize]); 1] = [("module.layer3.6.conv1.weight", &[256, 1024, 1, 1])];
    let said = given(file("resnet50", "module.", &more), None).unwrap_err();
    assert!(said.contains("resnet50 and 1 more, module.layer3.6.conv1.weight"), "{said}");
    // Who says that it is that one is told what is left out.
    let (taken, notes) = given(file("resnet50", "module.", &more), Some("resnet50")).unwrap();
    assert_eq!(taken, Some("resnet50"));
    assert!(notes[0].contains("CAUTION") && notes[0].contains("layer3.6"), "{notes:?}");
    let said = given(file("resnet34", "", &[]), Some("resnet18")).unwrap_err();
    assert!(said.contains("those of resnet34"), "{said}");
}

#[test]
fn what_lies_elsewhere_or_counts_batches_is_no_layer() {
    let others: [(&str, &[usize]); 2] = [("ema.decay", &[1]), ("module.bn1.num_batches_tracked", &[])];
    assert_eq!(given(file("resnet18", "module.", &others), None), Ok((Some("resnet18"), vec![])));
}

#[test]
fn classes_are_counted_in_the_head_itself() {
    let others: [(&str, &[usize]); 2] = [("aux_fc.bias", &[7]), ("aux_fc.weight", &[7, 512])];
    let (taken, notes) = given(file("resnet18", "", &others), Some("resnet18")).unwrap();
    assert_eq!(taken, Some("resnet18"));
    assert!(notes[0].contains("aux_fc.bias"), "{notes:?}");
    let others: [(&str, &[usize]); 1] = [("a.fc.bias", &[7])];
    assert_eq!(given(file("resnet18", "net.", &others), None).unwrap().0, Some("resnet18"));
}
