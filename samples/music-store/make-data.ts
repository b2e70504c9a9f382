/** Writes data/music-store.sqlite: genres, media types, albums, artists and tracks in the tables of the Chinook sample database. */
import { mkdirSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { Random } from "../random.ts";

export const TRACKS = 2000;

/** Bytes a second of each medium: what the model has to find out. */
const MEDIA = [
  { name: "MPEG audio file", rate: 33_000, share: 0.8 },
  { name: "Protected AAC audio file", rate: 16_400, share: 0.1 },
  { name: "Protected MPEG-4 video file", rate: 205_000, share: 0.07 },
  { name: "AAC audio file", rate: 17_800, share: 0.03 },
];
const GENRES = [
  "Rock",
  "Jazz",
  "Metal",
  "Alternative",
  "Blues",
  "Latin",
  "Reggae",
  "Classical",
  "TV Shows",
  "Drama",
];
const WORDS = [
  "River",
  "Night",
  "Stone",
  "Glass",
  "Summer",
  "Iron",
  "Paper",
  "Silver",
  "Garden",
  "Station",
  "Mirror",
  "Signal",
];

export function writeMusicStore(file: string, seed = 1987): void {
  rmSync(file, { force: true });
  const random = new Random(seed);
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = OFF;
    CREATE TABLE Artist (ArtistId INTEGER PRIMARY KEY, Name NVARCHAR(120));
    CREATE TABLE Album (AlbumId INTEGER PRIMARY KEY, Title NVARCHAR(160) NOT NULL, ArtistId INTEGER NOT NULL REFERENCES Artist);
    CREATE TABLE Genre (GenreId INTEGER PRIMARY KEY, Name NVARCHAR(120));
    CREATE TABLE MediaType (MediaTypeId INTEGER PRIMARY KEY, Name NVARCHAR(120));
    CREATE TABLE Track (
      TrackId INTEGER PRIMARY KEY,
      Name NVARCHAR(200) NOT NULL,
      AlbumId INTEGER REFERENCES Album,
      MediaTypeId INTEGER NOT NULL REFERENCES MediaType,
      GenreId INTEGER REFERENCES Genre,
      Composer NVARCHAR(220),
      Milliseconds INTEGER NOT NULL,
      Bytes INTEGER,
      UnitPrice NUMERIC(10,2) NOT NULL
    );
    BEGIN;
  `);
  const title = () => `${random.pick(WORDS)} ${random.pick(WORDS)}`;
  const artist = database.prepare("INSERT INTO Artist VALUES (?, ?)");
  const album = database.prepare("INSERT INTO Album VALUES (?, ?, ?)");
  for (let i = 1; i <= 80; i++) artist.run(i, `The ${title()}s`);
  for (let i = 1; i <= 180; i++) album.run(i, title(), random.int(1, 80));
  GENRES.forEach((name, i) => {
    database.prepare("INSERT INTO Genre VALUES (?, ?)").run(i + 1, name);
  });
  MEDIA.forEach(({ name }, i) => {
    database.prepare("INSERT INTO MediaType VALUES (?, ?)").run(i + 1, name);
  });
  const track = database.prepare("INSERT INTO Track VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const shares = Object.fromEntries(MEDIA.map(({ share }, i) => [String(i), share]));
  for (let id = 1; id <= TRACKS; id++) {
    const medium = Number(random.weighted(shares));
    const { rate } = MEDIA[medium] as (typeof MEDIA)[number];
    const video = medium === 2;
    const genre = video ? random.int(9, 10) : random.int(1, 8);
    const seconds = video
      ? 2400 + 300 * random.normal()
      : Math.exp(5.45 + 0.3 * random.normal() + (genre === 2 ? 0.2 : 0));
    const milliseconds = Math.max(20_000, Math.round(1000 * seconds));
    const bytes = Math.round((milliseconds / 1000) * rate * (1 + 0.06 * random.normal()));
    const composer = random.chance(0.28)
      ? null
      : `${random.pick(WORDS)} ${random.pick(["Miller", "Okafor", "Silva", "Kaya", "Novak"])}`;
    track.run(
      id,
      title(),
      random.int(1, 180),
      medium + 1,
      genre,
      composer,
      milliseconds,
      bytes,
      video ? 1.99 : 0.99,
    );
  }
  database.exec("COMMIT; VACUUM;");
  database.close();
}

if (import.meta.main) {
  mkdirSync(new URL("data/", import.meta.url), { recursive: true });
  writeMusicStore(fileURLToPath(new URL("data/music-store.sqlite", import.meta.url)));
}
