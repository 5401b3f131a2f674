//! Steps of a survey that a page has its worker take, and what comes of them.

use serde::{Deserialize, Serialize};

use super::{Found, Suspect};
use crate::cue::Place;
use crate::request::Request;

/// Step of a survey; all but the search for suspects take an image's file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Task {
    /// Classify an image and explain its likeliest class.
    Find {
        /// The request, whose target is the likeliest class.
        request: Request,
        /// Beginnings of the SHA-256 of files that need not be looked at again.
        known: Vec<u64>,
    },
    /// Look for suspects among all findings.
    Suspect(Vec<Option<Found>>),
    /// Look at the pixels of a suspect's place.
    Patches(Suspect),
    /// Cover a place, and see what becomes of a class.
    Cover {
        /// The class, by index.
        class: usize,
        /// The place.
        place: Place,
    },
}

/// What has come of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Surveyed {
    /// Findings about an image.
    Found {
        /// SHA-256 of its file.
        sha256: String,
        /// Findings; none where the file need not be looked at again.
        found: Option<Found>,
        /// JPEG file of the image, small, under its map.
        #[serde(with = "crate::bytes")]
        picture: Vec<u8>,
    },
    /// Suspects.
    Suspects(Vec<Suspect>),
    /// Pixels at the place, and of all that the network sees.
    Patches([Vec<f32>; 2]),
    /// Probability of the class: as it is, with the place covered, and with other places covered.
    Covered([f64; 3]),
}

impl Task {
    /// Beginning of a SHA-256 in hexadecimal, by which a file is told from others.
    pub fn beginning(sha256: &str) -> u64 {
        sha256.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default()
    }
}
