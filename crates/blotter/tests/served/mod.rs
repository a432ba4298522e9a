//! A server of this machine alone, for tests: what it was asked is kept, what it answers is up to the test.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A server; it ends with the test's process.
pub struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

/// What a server does with a connection before it speaks: nothing, or what encrypts it.
type Wrap = Box<dyn Fn(TcpStream) -> Box<dyn Stream> + Send>;

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

impl Server {
    /// `answer` takes the path and the head of a request and how often the path was asked before, and gives the whole response.
    pub fn new(answer: impl Fn(&str, &str, usize) -> Vec<u8> + Send + 'static) -> Server {
        Server::over(Box::new(|stream| Box::new(stream)), answer)
    }

    /// The same over encrypted connections.
    #[allow(dead_code, reason = "one test encrypts")]
    pub fn encrypted(
        config: rustls::ServerConfig,
        answer: impl Fn(&str, &str, usize) -> Vec<u8> + Send + 'static,
    ) -> Server {
        let config = Arc::new(config);
        let wrap = move |stream| -> Box<dyn Stream> {
            let connection = rustls::ServerConnection::new(config.clone()).expect("a connection");
            Box::new(rustls::StreamOwned::new(connection, stream))
        };
        Server::over(Box::new(wrap), answer)
    }

    fn over(wrap: Wrap, answer: impl Fn(&str, &str, usize) -> Vec<u8> + Send + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = asked.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut stream = wrap(stream);
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
                    head.push(byte[0]);
                }
                let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                let before = {
                    let mut kept = kept.lock().expect("the list");
                    kept.push(head.clone());
                    kept.iter().filter(|head| head.split(' ').nth(1) == Some(path.as_str())).count() - 1
                };
                // The other side may have had enough.
                let _ = stream.write_all(&answer(&path, &head, before)).and_then(|()| stream.flush());
            }
        });
        Server { port, asked }
    }

    /// An address of the server.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The heads of all requests in small letters, but those for robots.txt.
    pub fn heads(&self) -> Vec<String> {
        let heads = self.asked.lock().expect("the list").clone();
        heads.into_iter().filter(|head| !head.starts_with("get /robots.txt ")).collect()
    }

    /// The paths that were asked for.
    pub fn paths(&self) -> Vec<String> {
        let path = |head: &String| head.split(' ').nth(1).unwrap_or_default().to_owned();
        self.asked.lock().expect("the list").iter().map(path).collect()
    }
}

/// A response.
pub fn response(status: &str, headers: &[&str], body: &str) -> Vec<u8> {
    let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}").into_bytes()
}

/// A feed of items: ids and texts.
pub fn feed(items: &[(&str, &str)]) -> String {
    let items: String = items
        .iter()
        .map(|(id, text)| {
            format!(
                "<item><guid isPermaLink=\"false\">{id}</guid><description>{text}</description>\
                 <pubDate>Tue, 12 Mar 2024 21:40:00 GMT</pubDate></item>"
            )
        })
        .collect();
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Radio Kesh</title>{items}</channel></rss>")
}
