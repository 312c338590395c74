// What podcast-partytime, the parser of the Podcast Index, understands of a podcast feed: `podcast.mjs MODULE FILE` prints JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, file] = process.argv.slice(2);
const { parseFeed } = createRequire(folder)("podcast-partytime");
console.log(JSON.stringify(parseFeed(readFileSync(file, "utf8"))));
