//! The little of PDF's syntax (ISO 32000-1, 7.2 and 7.3) that the check reads. Every function here takes time linear in
//! the bytes it is given, whatever they are.

/// A token of a dictionary or an array; what the check does not look into is `Other`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// `/Name`, with its `#xx` escapes resolved.
    Name(Vec<u8>),
    /// A whole number.
    Number(u32),
    /// `<<` or `[`.
    Open,
    /// `>>` or `]`.
    Close,
    /// A string, a keyword, any other number.
    Other,
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn regular(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| is_space(*byte) || is_delimiter(*byte)).unwrap_or(bytes.len());
    bytes.get(..end).unwrap_or_default()
}

fn skip(bytes: &[u8], count: usize) -> &[u8] {
    bytes.get(count..).unwrap_or_default()
}

/// What comes after white space and comments.
pub(super) fn trimmed(mut bytes: &[u8]) -> &[u8] {
    loop {
        let start = bytes.iter().position(|byte| !is_space(*byte)).unwrap_or(bytes.len());
        bytes = skip(bytes, start);
        if !bytes.starts_with(b"%") {
            return bytes;
        }
        let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(bytes.len());
        bytes = skip(bytes, end);
    }
}

/// The longest name that is read; none that the check knows is longer.
const LONGEST_NAME: usize = 40;

fn unescaped(raw: &[u8]) -> Vec<u8> {
    let mut name = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((first, after)) = rest.split_first() {
        let escaped = after.first_chunk::<2>().filter(|_| *first == b'#');
        let code = escaped.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        name.push(code.unwrap_or(*first));
        rest = if code.is_some() { skip(after, 2) } else { after };
    }
    name
}

/// Every `/Name` anywhere in `bytes`, in strings and streams too, with what follows it.
pub(super) fn names(bytes: &[u8]) -> impl Iterator<Item = (Vec<u8>, &[u8])> {
    let slashes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    slashes.map(|(at, _)| {
        let rest = skip(bytes, at + 1);
        let raw = regular(rest.get(..3 * LONGEST_NAME).unwrap_or(rest));
        (unescaped(raw), skip(rest, raw.len()))
    })
}

/// The most tokens of one object; a page's has a few dozen.
const MOST_TOKENS: usize = 200_000;

/// The tokens of the first object in `bytes` where it is a dictionary or an array, and what follows it; of anything else
/// all tokens there are. `None` where there are too many.
pub(super) fn tokens(bytes: &[u8]) -> Option<(Vec<Token>, &[u8])> {
    let mut tokens = Vec::new();
    let mut depth = 0_usize;
    let mut rest = trimmed(bytes);
    while !rest.is_empty() {
        let (token, after) = next(rest);
        rest = trimmed(after);
        match token {
            Token::Open => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        tokens.push(token);
        if tokens.len() > MOST_TOKENS {
            return None;
        }
        if depth == 0 && tokens.first() == Some(&Token::Open) {
            break;
        }
    }
    Some((tokens, rest))
}

fn next(bytes: &[u8]) -> (Token, &[u8]) {
    match bytes {
        [b'/', rest @ ..] => {
            let raw = regular(rest);
            (Token::Name(unescaped(raw)), skip(rest, raw.len()))
        }
        [b'<', b'<', rest @ ..] | [b'[', rest @ ..] => (Token::Open, rest),
        [b'>', b'>', rest @ ..] | [b']', rest @ ..] => (Token::Close, rest),
        [b'(', rest @ ..] => (Token::Other, after_string(rest)),
        [b'<', rest @ ..] => {
            let end = rest.iter().position(|byte| *byte == b'>').map_or(rest.len(), |at| at + 1);
            (Token::Other, skip(rest, end))
        }
        _ => {
            let word = regular(bytes);
            let number = std::str::from_utf8(word).ok().and_then(|word| word.parse().ok());
            (number.map_or(Token::Other, Token::Number), skip(bytes, word.len().max(1)))
        }
    }
}

fn after_string(bytes: &[u8]) -> &[u8] {
    let mut depth = 1_usize;
    let mut escaped = false;
    let end = bytes.iter().position(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    skip(bytes, end.map_or(bytes.len(), |at| at + 1))
}

/// Every `<number> <generation> obj` with what follows it.
pub(super) fn objects(bytes: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    const KEYWORD: &[u8] = b"obj";
    // Far enough back for two numbers of ten digits.
    const BACK: usize = 24;
    let places = bytes.windows(KEYWORD.len()).enumerate().filter(|(_, window)| *window == KEYWORD);
    places.filter_map(|(at, _)| {
        let before = bytes.get(at.saturating_sub(BACK)..at)?;
        let mut words = before.rsplit(|byte| is_space(*byte)).filter(|word| !word.is_empty());
        let generation = std::str::from_utf8(words.next()?).ok()?;
        generation.parse::<u32>().ok()?;
        let number = words.next()?;
        let start = number.iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |at| at + 1);
        let number = std::str::from_utf8(number.get(start..)?).ok()?.parse().ok()?;
        Some((number, skip(bytes, at + KEYWORD.len())))
    })
}
