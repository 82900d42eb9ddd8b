//! The defects that are planted in some posts, and which post has which.

use super::random::{Random, Stream};

/// One kind of defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Defect {
    /// It asks for a human review and claims to have had one.
    ClaimedReviewed,
    /// Its flags tell of images, and there are none.
    ImagesMissing,
    /// The address of an image ends in the middle.
    TruncatedUrl,
    /// An image comes from a service that only fills gaps.
    PlaceholderImage,
    /// It is another post once more, but for the id.
    ExactDuplicate,
    /// It is another post in nearly the same words.
    NearDuplicate,
    /// `payload.paragraphs` is not the number of its paragraphs.
    WrongParagraphs,
    /// `reading_time` does not fit the length of its body.
    WrongReadingTime,
    /// A control character stands in its title, body or summary.
    ControlCharacter,
    /// An axis of its score is not between 0 and 100.
    ScoreOutOfRange,
}

/// A kind, its name in the truth file, and how many posts of ten thousand have it.
#[derive(Debug)]
pub struct Kind {
    /// The kind.
    pub defect: Defect,
    /// Its name in the truth file.
    pub name: &'static str,
    /// How many of ten thousand posts have it as their first defect.
    pub per_ten_thousand: u32,
}

const fn kind(defect: Defect, name: &'static str, per_ten_thousand: u32) -> Kind {
    Kind { defect, name, per_ten_thousand }
}

/// Every kind. Together they befall 400 posts of ten thousand.
pub const KINDS: &[Kind] = &[
    kind(Defect::ClaimedReviewed, "claimed_reviewed", 55),
    kind(Defect::ImagesMissing, "images_missing", 35),
    kind(Defect::TruncatedUrl, "truncated_url", 45),
    kind(Defect::PlaceholderImage, "placeholder_image", 55),
    kind(Defect::ExactDuplicate, "exact_duplicate", 50),
    kind(Defect::NearDuplicate, "near_duplicate", 60),
    kind(Defect::WrongParagraphs, "wrong_paragraphs", 30),
    kind(Defect::WrongReadingTime, "wrong_reading_time", 20),
    kind(Defect::ControlCharacter, "control_character", 30),
    kind(Defect::ScoreOutOfRange, "score_out_of_range", 20),
];

/// What the shares are parts of. Unit: posts.
const ALL: u32 = 10_000;

/// How many of a hundred posts with a defect get a second one, where the two fit together.
const SECOND_PERCENT: u32 = 15;

/// How far back the original of a duplicate is at most, if it is one of the same batch.
const NEAR_BY: u32 = 50;

impl Defect {
    /// Its name in the truth file.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|kind| kind.defect == self).map_or("", |kind| kind.name)
    }

    fn is_duplicate(self) -> bool {
        matches!(self, Self::ExactDuplicate | Self::NearDuplicate)
    }

    /// Whether a post can have both. A duplicate is a copy and nothing else, and what is wrong with
    /// an image needs one.
    fn fits(self, other: Self) -> bool {
        let needs_image = |defect| matches!(defect, Self::TruncatedUrl | Self::PlaceholderImage);
        let apart = |a, b| a == Self::ImagesMissing && needs_image(b);
        self != other
            && !self.is_duplicate()
            && !other.is_duplicate()
            && !apart(self, other)
            && !apart(other, self)
    }

    /// One of the kinds, each in as many of `out_of` cases as its share says.
    fn roll(random: &mut Random, out_of: u32) -> Option<Self> {
        let mut rest = random.below(out_of);
        for kind in KINDS {
            match rest.checked_sub(kind.per_ten_thousand) {
                Some(less) => rest = less,
                None => return Some(kind.defect),
            }
        }
        None
    }
}

/// How many of [`ALL`] posts have a defect.
fn flawed() -> u32 {
    KINDS.iter().map(|kind| kind.per_ten_thousand).sum()
}

/// What is wrong with one post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    first: Option<Defect>,
    second: Option<Defect>,
    of: Option<u64>,
}

impl Plan {
    /// What is wrong with the post `index` (from 1) of `seed`. The first post is always sound.
    pub fn of(seed: u64, index: u64) -> Self {
        let mut random = Random::new(seed, index, Stream::Plan);
        let first = Defect::roll(&mut random, ALL).filter(|_| index > 1);
        let more = random.percent(SECOND_PERCENT);
        let second = Defect::roll(&mut random, flawed());
        let second = second.filter(|second| more && first.is_some_and(|first| first.fits(*second)));
        let of = first.filter(|first| first.is_duplicate()).map(|_| earlier_sound(seed, index, &mut random));
        Self { first, second, of }
    }

    /// Its defects, the one that it was given first at the head.
    pub fn defects(&self) -> impl Iterator<Item = Defect> + use<> {
        self.first.into_iter().chain(self.second)
    }

    /// Whether it has this one.
    pub fn has(&self, defect: Defect) -> bool {
        self.first == Some(defect) || self.second == Some(defect)
    }

    /// The index of the post that it repeats, which comes earlier and is sound.
    pub fn original(&self) -> Option<u64> {
        self.of
    }

    /// Nothing is wrong with it.
    pub fn is_sound(&self) -> bool {
        self.first.is_none()
    }
}

/// The index of a sound post before this one, which is not the first: half of the time near by, as
/// when a batch is imported twice.
pub(super) fn earlier_sound(seed: u64, index: u64, random: &mut Random) -> u64 {
    let before = index.saturating_sub(1).max(1);
    let end = u32::try_from(before).unwrap_or(u32::MAX);
    let end = if random.percent(50) { end.min(NEAR_BY) } else { end };
    let mut at = before - u64::from(random.below(end));
    // The first post is always sound.
    while at > 1 && Defect::roll(&mut Random::new(seed, at, Stream::Plan), ALL).is_some() {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_posts_of_a_hundred_have_a_defect() {
        assert_eq!((flawed(), ALL), (400, 10_000));
        let flawed = (1..=100_000).filter(|index| !Plan::of(1, *index).is_sound()).count();
        assert!((3_800..=4_200).contains(&flawed), "{flawed}");
    }

    #[test]
    fn each_kind_has_its_share() {
        for kind in KINDS {
            let count = (1..=100_000).filter(|index| Plan::of(3, *index).first == Some(kind.defect)).count();
            let expected = kind.per_ten_thousand as usize * 10;
            // Four standard deviations of a rare event.
            let spread = 4 * expected.isqrt();
            assert!(count.abs_diff(expected) <= spread, "{}: {count}, expected {expected}", kind.name);
        }
    }

    #[test]
    fn an_original_is_earlier_and_sound() {
        let mut found = 0;
        for index in 1..=20_000 {
            let plan = Plan::of(9, index);
            if let Some(of) = plan.original() {
                found += 1;
                assert!(of < index && of >= 1, "{index} of {of}");
                assert!(Plan::of(9, of).is_sound(), "{index} of {of}");
                assert_eq!(plan.defects().count(), 1);
            }
            assert_eq!(plan.original().is_some(), plan.defects().any(Defect::is_duplicate));
        }
        assert!(found > 100);
        assert!((0..500).all(|seed| Plan::of(seed, 1).is_sound()));
    }

    #[test]
    fn two_defects_of_a_post_fit_together() {
        let pairs: Vec<Vec<Defect>> =
            (1..=100_000).map(|index| Plan::of(2, index).defects().collect()).collect();
        let pairs: Vec<&Vec<Defect>> = pairs.iter().filter(|pair| pair.len() == 2).collect();
        assert!(pairs.len() > 100, "{}", pairs.len());
        assert!(pairs.iter().all(|pair| pair[0].fits(pair[1])));
    }
}
