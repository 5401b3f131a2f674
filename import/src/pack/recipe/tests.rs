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
