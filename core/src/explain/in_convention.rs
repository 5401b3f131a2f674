//! One map in one of several conventions.

use serde::{Deserialize, Serialize};

use super::{AttributionMap, Convention, Difference};
use crate::image::Plane;

/// A map in a convention, beside the same map in another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InConvention {
    /// The convention.
    #[serde(with = "by_name")]
    pub convention: Convention,
    /// The map, as the method gave it.
    pub map: AttributionMap,
    /// The map as the convention shows it, at the size of the network's input.
    pub shown: Plane,
    /// Difference from the first convention's; none of the first.
    pub difference: Option<Difference>,
}

/// A convention goes to a page by its name, which knows all that there are.
mod by_name {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Convention;

    pub(super) fn serialize<S: Serializer>(convention: &Convention, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(convention.name)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Convention, D::Error> {
        let name = String::deserialize(from)?;
        Convention::named(&name).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{Evidence, Score};

    #[test]
    fn a_map_goes_to_a_page_with_its_convention() {
        let map = AttributionMap::new("conv".into(), [2, 1], vec![1.0, 2.0], Evidence::Scores, Score::Logit);
        let shown = Convention::CAPTUM.show(&map, [4, 2]);
        let one = InConvention { convention: Convention::CAPTUM, map, shown, difference: None };
        let sent = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<InConvention>(&sent).unwrap(), one);
        let unknown = sent.replace("\"captum\"", "\"captun\"");
        assert!(serde_json::from_str::<InConvention>(&unknown).unwrap_err().to_string().contains("captun"));
    }
}
