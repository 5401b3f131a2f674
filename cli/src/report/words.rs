//! What the report says in words: about the methods, the conventions, and each map.

use convscope::explain::{Convention, Extent, Map};

/// What a method shows, what it does not prove, and its paper in short.
pub(super) struct About {
    pub(super) shows: &'static str,
    pub(super) proves_not: &'static str,
    pub(super) paper: &'static str,
}

/// What there is to say of the method of that id.
pub(super) fn about(method: &str) -> About {
    match method {
        "grad_cam" => About {
            shows: "Grad-CAM weighs a layer's feature maps by how much the class's score would grow with them, and adds them up. \
                    Bright places hold what speaks for the class, as coarsely as the layer sees.",
            proves_not: "It shows what the score depends on at that layer, not that the network understands what is there, nor that \
                         the place alone would be enough. Each map is divided by its own maximum, so that brightness compares \
                         within a map and not between two.",
            paper: "Selvaraju et al. 2016, arXiv 1610.02391",
        },
        "guided_grad_cam" => About {
            shows: "Guided Grad-CAM multiplies guided backpropagation by Grad-CAM: the edges and textures in the places that speak \
                    for the class.",
            proves_not: "Guided backpropagation finds edges whatever the class is (Adebayo et al. 2018); what tells the classes apart \
                         here is Grad-CAM's part, which is coarse.",
            paper: "Selvaraju et al. 2016, arXiv 1610.02391",
        },
        "gradient" => About {
            shows: "The gradient of the class's score by the pixels: how much the score would change with each of them.",
            proves_not: "It holds for tiny changes of the picture only, and it is noisy: a pixel without a gradient may matter all the \
                         same, where the network is saturated.",
            paper: "Simonyan et al. 2013, arXiv 1312.6034",
        },
        "guided_backprop" => About {
            shows: "The gradient by the pixels, with all that speaks against the class left out at each rectifier on the way down.",
            proves_not: "It finds edges whatever the class is, even in networks whose weights are random (Adebayo et al. 2018), so that \
                         it shows the picture more than the decision.",
            paper: "Springenberg et al. 2014, arXiv 1412.6806",
        },
        "deconvnet" => About {
            shows: "The class's score taken down to the pixels by a deconvnet, which at each rectifier keeps what is positive on the way \
                    down, whatever it was on the way up.",
            proves_not: "It shows a pattern that the network could have answered to, not why it answered as it did; it is hardly \
                         different for two classes (Mahendran and Vedaldi 2016).",
            paper: "Zeiler and Fergus 2013, arXiv 1311.2901",
        },
        _ => About { shows: "", proves_not: "", paper: "" },
    }
}

/// What a convention decides.
pub(super) fn convention(convention: Convention) -> &'static str {
    if convention.name == Convention::KERAS_NOTEBOOK.name {
        "as in the Keras notebooks: the gradient of the softmax probability, the mean over the channels, jet added to the picture"
    } else {
        "as in the paper: the gradient of the class's logit, the sum over the channels"
    }
}

/// What the heat of a map covers.
pub(super) fn covers(map: &Map, signed: bool) -> String {
    let Some(extent) = Extent::of(&map.normalised) else {
        return "There is nothing that speaks for the class to see.".into();
    };
    let row = ["the top", "the middle", "the bottom"][extent.row];
    let column = ["left", "centre", "right"][extent.column];
    let place = if (extent.row, extent.column) == (1, 1) { "the middle".into() } else { format!("{row}, {column}") };
    let mut words = format!(
        "The weight of the heat lies at {place}; half of it lies on {:.0} % of what the network saw.",
        100.0 * extent.half
    );
    if signed {
        let against = map.signed.values.iter().filter(|&&value| value < 0.0).count();
        let share = 100.0 * against as f64 / map.signed.values.len() as f64;
        words.push_str(&format!(" {share:.0} % of it speaks against the class."));
    }
    words
}

/// A class's name as people write it: the files of labels have underscores.
pub(super) fn human(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use convscope::explain::{METHODS, Score};

    use super::*;

    #[test]
    fn every_method_is_described() {
        for method in METHODS {
            let About { shows, proves_not, paper } = about(method.id());
            assert!(!shows.is_empty() && !proves_not.is_empty(), "{}", method.id());
            // The paper in words is the one whose address the engine gives.
            let number = method.paper().rsplit('/').next().expect("an address");
            assert!(paper.ends_with(number), "{}: {paper} is not {}", method.id(), method.paper());
        }
    }

    #[test]
    fn maps_are_said_in_words() {
        let map = |values: &[f32]| Map::of_frame("l".into(), [3, 1], values.to_vec(), Some(&[1.0]), Score::Logit);
        let right = covers(&map(&[0.0, 0.0, 1.0]), false);
        assert!(right.contains("right") && right.contains("33 %"), "{right}");
        let signed = covers(&map(&[-1.0, 2.0, -1.0]), true);
        assert!(signed.contains("at the middle;") && signed.contains("67 % of it speaks against"), "{signed}");
        assert!(covers(&map(&[-1.0, -1.0, -1.0]), false).contains("nothing"));
    }
}
