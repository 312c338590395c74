// What two feed readers of Node understand: `node readers.cjs feedsmith|rss-parser FILE...` prints a JSON list of lists.
const fs = require("fs");

const instant = (text) => new Date(text).toISOString();

function feedsmith(file, text) {
  const { parseRssFeed, parseAtomFeed, parseJsonFeed } = require("feedsmith");
  if (file.endsWith(".json")) {
    return parseJsonFeed(text).items.map((item) => ({
      id: item.id,
      title: item.title,
      link: item.url ?? null,
      authors: (item.authors ?? []).map((author) => author.name),
      topics: item.tags ?? [],
      published: instant(item.date_published),
      html: item.content_html,
    }));
  }
  if (text.includes("<rss")) {
    return parseRssFeed(text).items.map((item) => ({
      id: item.guid.value,
      title: item.title,
      link: item.link ?? null,
      authors: item.dc?.creators ?? [],
      topics: (item.categories ?? []).map((category) => category.name),
      published: instant(item.pubDate),
      html: item.content.encoded,
    }));
  }
  return parseAtomFeed(text).entries.map((entry) => ({
    id: entry.id,
    title: entry.title.value ?? entry.title,
    link: entry.links?.[0]?.href ?? null,
    authors: (entry.authors ?? []).map((author) => author.name),
    topics: (entry.categories ?? []).map((category) => category.term),
    published: instant(entry.published),
    html: entry.content.value,
  }));
}

async function rssParser(text) {
  const Parser = require("rss-parser");
  const feed = await new Parser().parseString(text);
  return feed.items.map((item) => ({
    id: item.guid ?? item.id,
    title: item.title,
    link: item.link ?? null,
    published: item.isoDate,
  }));
}

async function main() {
  const [reader, ...files] = process.argv.slice(2);
  const out = [];
  for (const file of files) {
    const text = fs.readFileSync(file, "utf8");
    out.push(reader === "feedsmith" ? feedsmith(file, text) : await rssParser(text));
  }
  process.stdout.write(JSON.stringify(out));
}

main();
