// Writes RSS, Atom and JSON Feed of `articles.json` with the npm package `feed`, for `benches/feeds.rs`.
const fs = require("fs");
const { Feed } = require(process.argv[2]);

const articles = JSON.parse(fs.readFileSync("articles.json", "utf-8"));
const feed = new Feed({
  id: "https://www.example.org/",
  title: "The Desk",
  description: "News from the river",
  link: "https://www.example.org/",
  language: "en",
  copyright: "The Desk",
  updated: new Date(articles[0].date),
});
for (const article of articles) {
  feed.addItem({
    id: article.id,
    title: article.title,
    link: article.link,
    date: new Date(article.date),
    author: article.authors.map((name) => ({ name })),
    content: article.html,
  });
}
fs.writeFileSync("npm.xml", feed.rss2());
fs.writeFileSync("npm.atom.xml", feed.atom1());
fs.writeFileSync("npm.json", feed.json1());
