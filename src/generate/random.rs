//! Chance that is the same everywhere: whole numbers only, and a stream of its own for each post.

/// The step of splitmix64: 2^64 divided by the golden ratio, made odd.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// What a stream of numbers is for. Each post has one of each, so that a word more in the text does
/// not change its scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    /// Which defects it has.
    Plan = 1,
    /// What it is about.
    Theme = 2,
    /// Its words.
    Text = 3,
    /// Its scores, dates and counts.
    Numbers = 4,
    /// How its defects look.
    Flaws = 5,
}

/// Splitmix64 (Steele, Lea and Flood: Fast splittable pseudorandom number generators, 2014).
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// The numbers for one purpose of one post.
    pub(super) fn new(seed: u64, index: u64, stream: Stream) -> Self {
        let of_post = mix(seed.wrapping_add(GOLDEN)) ^ index.wrapping_mul(GOLDEN);
        Self(mix(of_post).wrapping_add(mix(stream as u64)))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A number below `end`, and 0 if there is none. A number is more likely than another by less
    /// than `end` in 2^32.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        let wide = (self.next() >> 32) * u64::from(end);
        u32::try_from(wide >> 32).unwrap_or_default()
    }

    /// A number from `low` to `high`, both of them possible.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    /// True so many times in a hundred.
    pub(super) fn percent(&mut self, share: u32) -> bool {
        self.below(100) < share
    }

    /// One of some things, each as likely as another.
    pub(super) fn pick<T: Copy + Default>(&mut self, things: &[T]) -> T {
        let at = self.below(length(things));
        things.get(at as usize).copied().unwrap_or_default()
    }

    /// One of some things, the first ones more likely than the last.
    pub(super) fn pick_early<T: Copy + Default>(&mut self, things: &[T]) -> T {
        let at = self.below(length(things)).min(self.below(length(things)));
        things.get(at as usize).copied().unwrap_or_default()
    }
}

fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

fn length<T>(things: &[T]) -> u32 {
    u32::try_from(things.len()).unwrap_or(u32::MAX)
}

/// The things of a list in an order of its own, none twice before all were there. A clone gives the
/// same again. For lists of at most 128 things.
#[derive(Clone, Debug)]
pub(super) struct Deck {
    things: &'static [&'static str],
    random: Random,
    /// A bit for each thing that was given.
    taken: u128,
}

impl Deck {
    pub(super) fn new(things: &'static [&'static str], random: &mut Random) -> Self {
        Self { things, random: Random(random.next()), taken: 0 }
    }

    pub(super) fn draw(&mut self) -> &'static str {
        let length = length(self.things);
        if self.taken.count_ones() >= length {
            self.taken = 0;
        }
        let mut at = self.random.below(length);
        while self.taken & (1 << at) != 0 {
            at = self.random.below(length);
        }
        self.taken |= 1 << at;
        self.things.get(at as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        // The first numbers of the reference implementation (https://prng.di.unimi.it/splitmix64.c)
        // for the state 1234567.
        let mut random = Random(1_234_567);
        let expected = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!([random.next(), random.next(), random.next()], expected);
    }

    #[test]
    fn streams_posts_and_seeds_differ() {
        let first = |seed, index, stream| Random::new(seed, index, stream).next();
        let mut all = Vec::new();
        for seed in 0..8 {
            for index in 0..64 {
                for stream in [Stream::Plan, Stream::Theme, Stream::Text, Stream::Numbers, Stream::Flaws] {
                    all.push(first(seed, index, stream));
                }
            }
        }
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn a_number_below_an_end_is_every_one_of_them() {
        let mut random = Random(7);
        let mut seen = [0_u32; 10];
        for _ in 0..10_000 {
            seen[random.below(10) as usize] += 1;
        }
        assert!(seen.iter().all(|count| (850..1150).contains(count)), "{seen:?}");
        assert_eq!(random.below(0), 0);
        assert!((0..100).all(|_| (3..=5).contains(&random.between(3, 5))));
    }

    #[test]
    fn a_deck_gives_each_thing_once_a_round() {
        const THINGS: &[&str] = &["a", "b", "c", "d", "e", "f"];
        for start in 0..200 {
            let mut deck = Deck::new(THINGS, &mut Random(start));
            let mut drawn: Vec<&str> = (0..6).map(|_| deck.draw()).collect();
            drawn.sort_unstable();
            assert_eq!(drawn, THINGS);
        }
    }
}
