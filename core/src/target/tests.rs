//! Texts to targets and back, and what is refused.

use super::*;
use crate::model::Outputs;

fn parsed(text: &str) -> Target {
    text.parse().unwrap()
}

fn said<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn a_target_is_read_back_from_what_it_is_written_as() {
    for text in ["285", "285 - 282", "not 285", "0.5 * 285", "-1 * 285 + 282", "285 + 0.5 * 282 - 3 * 7", "-0.25 * 1"] {
        assert_eq!(parsed(text).to_string(), text);
        let json = serde_json::to_string(&parsed(text)).unwrap();
        assert_eq!((json.clone(), serde_json::from_str::<Target>(&json).unwrap()), (format!("{text:?}"), parsed(text)));
    }
    for (text, same) in [
        ("285  -  0.5*282", "285 - 0.5 * 282"),
        ("1 * 3", "3"),
        ("2 + 3 + 2", "2 * 2 + 3"),
        ("2 - 3 - 2 + 1", "-1 * 3 + 1"),
    ] {
        assert_eq!(parsed(text).to_string(), same);
    }
}

#[test]
fn a_target_is_a_weighted_sum() {
    let target = parsed("2 - 0.5 * 0 + 4 * 3");
    assert_eq!(target.weights(5), Ok(vec![-0.5, 0.0, 1.0, 4.0, 0.0]));
    assert_eq!(target.weights(3), Err(3));
    assert_eq!(target.value(|class| [8.0, 9.0, 3.0, 0.25][class]), 0.0);
    assert_eq!(
        [parsed("7").single(), parsed("2 * 7").single(), parsed("not 7").single(), target.single()],
        [Some(7), None, None, None]
    );
}

#[test]
fn sums_that_say_nothing_are_refused() {
    assert!(said("5 - 5".parse::<Target>()).contains("nothing is left"));
    assert!(said("0 * 5".parse::<Target>()).contains("nothing is left"));
    assert!(said("inf * 5".parse::<Target>()).contains("the weight of class 5 is inf"));
    assert!(said("NaN * 5".parse::<Target>()).contains("the weight of class 5 is NaN"));
    assert!(said("3 -  - 5".parse::<Target>()).contains("a class is missing beside a sign in 3 -  - 5"));
    assert!(said("not 3 - 5".parse::<Target>()).contains("not takes one class"));
    for text in ["", "cat", "-1", "3-5", "1.5"] {
        assert!(said(text.parse::<Target>()).contains("no index of a class"), "{text}");
    }
}

#[test]
fn files_are_named_apart_and_plainly() {
    let words = ["285", "285-282", "not-285", "285_and_0_5x282", "-2x285", "285_and_0_and_5x282"];
    let texts = ["285", "285 - 282", "not 285", "285 + 0.5 * 282", "-2 * 285", "285 + 0 + 5 * 282"];
    for (text, word) in texts.iter().zip(words) {
        assert_eq!((parsed(text).file_word(), crate::export::plain(word)), (word.into(), word.into()));
    }
    let [one, two] = ["1 + 2 + 3 + 4 + 5", "1 + 2 + 3 + 4 - 5"].map(|text| parsed(text).file_word());
    assert!(one.starts_with("sum-of-5-") && one.len() == 17 && one != two, "{one}");
}

fn means(labels: &[&str], text: &str) -> Result<String> {
    let labels: Vec<String> = labels.iter().map(|&label| label.into()).collect();
    let outputs = Outputs { model: "tiny", labels: &labels, first: 0 };
    outputs.target(text)?.resolve(&[2, 0, 1]).map(|target| target.to_string())
}

#[test]
fn classes_of_a_sum_are_named_as_one_is() {
    let cats = ["tabby", "tiger cat", "black-and-tan coonhound"];
    for (text, target) in [
        ("tabby - tiger cat", "0 - 1"),
        ("tabby - black-and-tan coonhound", "0 - 2"),
        ("Tiger_cat + 0.5 * index:2", "1 + 0.5 * 2"),
        ("not black-and-tan coonhound", "not 2"),
        ("top1 - top2", "2 - 0"),
        ("0.5 * top3 + name:tabby", "0.5 * 1 + 0"),
        ("top1", "2"),
        ("output 1 - output 0", "1 - 0"),
        ("\"tabby\"", "0"),
    ] {
        assert_eq!(means(&cats, text).unwrap(), target, "{text}");
    }
    assert!(said(means(&cats, "tabby - lion")).contains("no class lion"));
    assert!(said(means(&cats, "top4")).contains("1 to 3"));
    assert!(said(means(&cats, "top0")).contains("1 to 3"));
    assert!(said(means(&cats, "output 3")).contains("no class output 3"));
    assert!(said(means(&cats, "top1 - top1")).contains("nothing is left"));
}

#[test]
fn a_sign_without_its_spaces_is_told() {
    let cats = ["tabby", "tiger cat", "black-and-tan coonhound"];
    for (text, sum) in [
        ("0 -1", "0 - 1"),
        ("0-1", "0 - 1"),
        ("top1 -top2", "top1 - top2"),
        ("tabby- tiger cat", "tabby - tiger cat"),
        ("tabby -0.5*1 + 2", "tabby - 0.5*1"),
    ] {
        let error = said(means(&cats, text));
        assert!(error.ends_with(&format!("a sign of a sum stands between two spaces, as in {sum}")), "{text}: {error}");
    }
    for text in ["-1", "black-and-white coonhound", "tabby -lion", "0 -9"] {
        let error = said(means(&cats, text));
        assert!(error.contains("give an index") && !error.contains("spaces"), "{text}: {error}");
    }
}

#[test]
fn a_name_that_looks_like_a_sum_is_a_name() {
    let labels = ["crab - king", "crab", "king", "not tumour", "2 * x", "sharks, rays"];
    for (text, target) in [
        ("crab - king", "0"),
        ("name:crab - king", "0"),
        ("\"crab - king\" - king", "0 - 2"),
        ("king - \"crab - king\"", "2 - 0"),
        ("king - crab", "2 - 1"),
        ("not tumour", "3"),
        ("not \"not tumour\"", "not 3"),
        ("crab - \"2 * x\"", "1 - 4"),
        ("3 * \"2 * x\"", "3 * 4"),
        ("sharks, rays - crab", "5 - 1"),
    ] {
        assert_eq!(means(&labels, text).unwrap(), target, "{text}");
    }
}
