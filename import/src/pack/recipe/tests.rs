//! Recipes that cannot be read.

use super::*;

#[test]
fn a_recipe_says_what_is_wrong_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let text = |json: &str| {
        let path = folder.path().join("recipe.json");
        std::fs::write(&path, json).unwrap();
        Recipe::read(&path).unwrap_err().to_string()
    };
    let good = r#""id": "a", "name": "A", "licence": "MIT", "source": "here", "preprocessing": {"width": 8, "height": 8,
        "fit": {"kind": "squash"}, "interpolation": "nearest", "channels": "rgb", "scale": 1, "mean": [0, 0, 0], "std": [1, 1, 1]}"#;
    assert!(text("{").contains("no JSON"));
    assert!(text("{}").contains("missing field `id`"));
    assert!(text(&format!("{{{good}, \"colour\": 1}}")).contains("unknown field `colour`"));
    assert!(text(&format!("{{{good}, \"labels\": 1}}")).contains("one name a line"));
    assert!(text(&format!("{{{good}, \"labels\": \"none.txt\"}}")).contains("none.txt"));
    assert!(text(&format!("{{{good}, \"nodes\": []}}")).contains("layout"));
    assert!(
        text(&format!("{{{good}, \"nodes\": [{{\"name\": \"a\", \"op\": \"warp\"}}]}}")).contains("unknown op warp")
    );
    assert!(text(&format!("{{{good}}}").replace("\"a\"", "\"../a\"")).contains("id"));
    assert!(text(&format!("{{{good}}}").replace("\"width\": 8", "\"width\": 0")).contains("0 x 8"));
}

#[test]
fn labels_are_no_file_of_the_rest_of_the_machine() {
    let near = ["labels.txt", "more/labels.txt", "../squeezenet1_1/labels.txt"];
    let far = ["/etc/passwd", "../../labels.txt", "more/../../../labels.txt", "../.."];
    assert_eq!((near.map(is_near), far.map(is_near)), ([true; 3], [false; 4]));
    let folder = tempfile::tempdir().unwrap();
    let (secret, path) = (folder.path().join("secret.txt"), folder.path().join("recipe.json"));
    std::fs::write(&secret, "one\ntwo\n").unwrap();
    let recipe = |labels: &str| {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/recipes/squeezenet1_1/recipe.json"));
        let mut recipe: serde_json::Value = serde_json::from_str(&text.unwrap()).unwrap();
        recipe["labels"] = labels.into();
        std::fs::write(&path, recipe.to_string()).unwrap();
        Recipe::read(&path)
    };
    assert_eq!(recipe("secret.txt").unwrap().labels(), ["one", "two"]);
    let known = recipe("imagenet").unwrap();
    assert_eq!((known.labels().len(), known.labels()[285].as_str()), (1000, "Egyptian_cat"));
    assert!(recipe("numbers").unwrap().labels().is_empty());
    let refused = recipe(secret.to_str().unwrap()).unwrap_err().to_string();
    assert!(refused.contains("secret.txt") && refused.contains("copy it there"), "{refused}");
}
