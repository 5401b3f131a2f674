//! Names of result files: no two results have one, be it in one run or in several into one folder.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{Earlier, plain};

/// The longest file name, in bytes, that all usual file systems take.
const LONGEST: usize = 255;
/// The most bytes that a layer's name adds to it.
const LONGEST_LAYER: usize = 150;

/// Layers as parts of file names. `fire9/concat` is `fire9_concat`; where another layer is called so, or would be, upper and lower
/// case being one, it is `fire9_concat-2`.
#[derive(Clone, Debug)]
pub struct LayerWords(HashMap<String, String>);

impl LayerWords {
    /// Words of all layers of a network, so that a layer's does not depend on which others are asked about.
    pub fn new<'a>(layers: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut words, mut used) = (HashMap::new(), HashSet::new());
        // Layers whose names need no change come first, and keep them.
        let (own, others): (Vec<&str>, Vec<&str>) = layers.into_iter().partition(|layer| plain(layer) == *layer);
        for layer in own.into_iter().chain(others) {
            let word = plain(layer);
            let word = &word[..word.floor_char_boundary(LONGEST_LAYER)];
            let free = numbered(word).find(|word| !used.contains(&word.to_lowercase())).unwrap_or_default();
            used.insert(free.to_lowercase());
            words.insert(layer.to_owned(), free);
        }
        Self(words)
    }

    /// Words of the layers of that network, its input among them.
    pub fn of_graph(graph: &crate::nn::Graph) -> Self {
        let layers = graph.nodes().iter().map(|node| node.name.as_str());
        Self::new(std::iter::once(crate::nn::Graph::INPUT).chain(layers))
    }

    /// The layer's.
    pub fn of(&self, layer: &str) -> String {
        self.0.get(layer).cloned().unwrap_or_else(|| plain(layer))
    }
}

/// The names of a folder's result files, those of earlier runs included. Upper and lower case are one, as they are for many disks.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Key of the thing that each file of earlier runs is about, by the file's name.
    earlier: HashMap<String, Value>,
    used: HashSet<String>,
}

impl Names {
    /// The names in a folder with those results.
    pub fn new(earlier: &Earlier) -> Self {
        let owned = earlier.files().into_iter().map(|(file, about)| (file.to_lowercase(), about));
        Self { earlier: owned.collect(), used: HashSet::new() }
    }

    /// Stem of the `files` about one thing: `wanted`, with a number where one of the files would take the place of another
    /// thing's, and cut where a name would be longer than a file system takes. What an earlier run made about the same thing keeps
    /// its place, and is to be replaced. `there` says whether there is a file of a name.
    pub fn start(
        &mut self,
        wanted: &str,
        about: &Value,
        files: impl Fn(&str) -> Vec<String>,
        there: impl Fn(&str) -> bool,
    ) -> String {
        let free = |file: &String| {
            let key = file.to_lowercase();
            let kept = self.earlier.get(&key);
            !self.used.contains(&key) && kept.map_or_else(|| !there(file), |owner| owner == about)
        };
        let starts = numbered("").map(|number| fitted(wanted, &number, &files));
        let start = starts.into_iter().find(|start| files(start).iter().all(free)).unwrap_or_default();
        self.used.extend(files(&start).iter().map(|file| file.to_lowercase()));
        start
    }
}

/// The word, then the word with each number from 2.
fn numbered(word: &str) -> impl Iterator<Item = String> {
    std::iter::once(word.to_owned()).chain((2_u64..).map(move |number| format!("{word}-{number}")))
}

/// `wanted` and the number, the former cut so that no file's name is too long.
fn fitted(wanted: &str, number: &str, files: impl Fn(&str) -> Vec<String>) -> String {
    let longest = files(&format!("{wanted}{number}")).iter().map(String::len).max().unwrap_or(0);
    let room = wanted.len().saturating_sub(longest.saturating_sub(LONGEST));
    format!("{}{number}", &wanted[..wanted.floor_char_boundary(room)])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn files(start: &str) -> Vec<String> {
        vec![format!("{start}.grad_cam.conv.1.png"), format!("{start}.grad_cam.conv.1.npy")]
    }

    /// Starts about other things each.
    fn starts(wanted: &[&str], there: &[&str]) -> Vec<String> {
        let mut names = Names::default();
        let about =
            |(number, wanted): (usize, &&str)| names.start(wanted, &json!(number), files, |file| there.contains(&file));
        wanted.iter().enumerate().map(about).collect()
    }

    #[test]
    fn a_name_is_given_once_and_case_does_not_count() {
        assert_eq!(starts(&["cat", "dog", "cat", "Cat", "cat-2"], &[]), ["cat", "dog", "cat-2", "Cat-3", "cat-2-2"]);
    }

    #[test]
    fn a_file_that_no_manifest_names_is_not_replaced() {
        assert_eq!(starts(&["cat", "dog"], &["cat.grad_cam.conv.1.npy"]), ["cat-2", "dog"]);
    }

    #[test]
    fn long_names_are_cut_to_what_a_file_system_takes() {
        let long = format!("x{}", "猫".repeat(80));
        let [one, two] = &starts(&[&long, &long], &[])[..] else { panic!("two starts") };
        for start in [one, two] {
            let longest = files(start).iter().map(String::len).max().unwrap();
            assert!((253..=255).contains(&longest), "{longest}");
        }
        assert!(two.ends_with("-2") && one.starts_with("x猫猫"));
        // One that fits to the last byte stays.
        let fits = "y".repeat(255 - ".grad_cam.conv.1.png".len());
        assert_eq!(starts(&[&fits], &[]), [fits]);
    }

    #[test]
    fn layers_are_told_apart() {
        let layers = ["fire9/concat", "a/b", "a_b", "A.b", "a_b-2", "c"];
        let words = LayerWords::new(layers);
        let found = layers.map(|layer| words.of(layer));
        assert_eq!(found, ["fire9_concat", "a_b-3", "a_b", "A_b-4", "a_b-2", "c"]);
        let long = "block/".repeat(60);
        assert!(LayerWords::new([long.as_str()]).of(&long).len() <= LONGEST_LAYER);
    }
}
