//! As much HTTP/1.1 as the AWS SDK speaks to a server that keeps it simple.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// As it came, to be handed on.
    raw: Vec<u8>,
}

/// An answer.
#[derive(Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
    /// As it came from elsewhere, to be handed on.
    raw: Option<Vec<u8>>,
}

impl Request {
    /// One that was never sent, for tests of who answers it.
    #[cfg(test)]
    pub(super) fn made_up(body: &str) -> Self {
        let (method, path, body) = ("POST".to_owned(), "/".to_owned(), body.as_bytes().to_vec());
        Self { method, path, headers: Vec::new(), body, raw: Vec::new() }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// `X-Amz-Target`, which calls of DynamoDB and Cognito carry.
    pub(super) fn target(&self) -> Option<&str> {
        self.header("x-amz-target")
    }

    /// The same with another body.
    pub(super) fn with_body(&self, body: Vec<u8>) -> Self {
        let head = String::from_utf8_lossy(&self.raw[..self.raw.len() - self.body.len()]).into_owned();
        let mut raw = String::new();
        for line in head.trim_end().lines().filter(|line| !line.to_lowercase().starts_with("content-length:")) {
            raw.push_str(line);
            raw.push_str("\r\n");
        }
        let mut raw = format!("{raw}content-length: {}\r\n\r\n", body.len()).into_bytes();
        raw.extend_from_slice(&body);
        Self { body, raw, ..self.clone() }
    }

    pub(super) fn name(&self) -> String {
        match self.target().and_then(|target| target.split_once('.')) {
            Some((_, operation)) => operation.to_owned(),
            None => format!("{} {}", self.method, self.path),
        }
    }
}

impl Reply {
    pub(super) fn new(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        Self { status, content_type: content_type.to_owned(), body, raw: None }
    }

    /// The body, from wherever it came.
    pub(super) fn body(&self) -> &[u8] {
        match &self.raw {
            Some(raw) => head(raw).map_or(&[], |(_, body_at, _)| &raw[body_at..]),
            None => &self.body,
        }
    }
}

/// The head of a message and its whole length, once the head is there.
fn head(raw: &[u8]) -> Option<(Vec<String>, usize, usize)> {
    let end = raw.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let lines: Vec<String> = String::from_utf8_lossy(&raw[..end]).lines().map(str::to_owned).collect();
    let length = lines
        .iter()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0);
    Some((lines, end, end + length))
}

async fn message(stream: &mut TcpStream) -> Option<(Vec<String>, usize, Vec<u8>)> {
    let mut raw = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        if let Some((lines, body_at, whole)) = head(&raw)
            && raw.len() >= whole
        {
            return Some((lines, body_at, raw));
        }
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => raw.extend_from_slice(&chunk[..read]),
        }
    }
}

pub(super) async fn read(stream: &mut TcpStream) -> Option<Request> {
    let (lines, body_at, raw) = message(stream).await?;
    let mut first = lines.first()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?);
    let path = target.split('?').next().unwrap_or_default().to_owned();
    let headers = lines.iter().skip(1).filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
    Some(Request { method, path, headers, body: raw[body_at..].to_vec(), raw })
}

pub(super) async fn write(stream: &mut TcpStream, reply: &Reply) -> std::io::Result<()> {
    if reply.status == BROKEN {
        return Err(std::io::ErrorKind::ConnectionReset.into());
    }
    if let Some(raw) = &reply.raw {
        return stream.write_all(raw).await;
    }
    let head = format!(
        "HTTP/1.1 {} x\r\ncontent-type: {}\r\ncontent-length: {}\r\n\r\n",
        reply.status,
        reply.content_type,
        reply.body.len()
    );
    // In one piece: of two, the second would wait for the first to be acknowledged.
    stream.write_all(&[head.as_bytes(), &reply.body].concat()).await
}

/// The status of what is no answer: the connection breaks.
pub(super) const BROKEN: u16 = 0;

/// Hands a request on as it is to somebody whose connections may break, and the answer back.
pub(super) async fn hand_on(request: &Request, to: SocketAddr) -> Reply {
    let answered = async {
        let mut stream = TcpStream::connect(to).await.ok()?;
        stream.write_all(&request.raw).await.ok()?;
        message(&mut stream).await
    };
    match answered.await {
        Some((_, _, raw)) => Reply { raw: Some(raw), ..Reply::new(200, "", Vec::new()) },
        None => Reply::new(BROKEN, "", Vec::new()),
    }
}

/// Hands a request on as it is, and the answer back.
pub(super) async fn forward(request: &Request, kept: &mut Option<TcpStream>, to: SocketAddr) -> Reply {
    let mut stream = match kept.take() {
        Some(stream) => stream,
        None => TcpStream::connect(to).await.unwrap(),
    };
    stream.write_all(&request.raw).await.unwrap();
    let (_, _, raw) = message(&mut stream).await.unwrap();
    *kept = Some(stream);
    Reply { raw: Some(raw), ..Reply::new(200, "", Vec::new()) }
}
