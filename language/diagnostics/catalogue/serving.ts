/** ML7xxx: deployments and batches. */
import type { Catalogue } from "../entry.ts";

export const servingDiagnostics = {
  ML7001: {
    severity: "error",
    message: "Run `mlops run {spec}` first: {release} has no version under `{alias}` yet.",
    help: "A deployment serves what a release has registered; a release waits for its gate.",
  },
  ML7002: {
    severity: "error",
    message: "Set the environment variable {secret}: the deployment's token is read from it and it is empty.",
    help: "Requests must carry `Authorization: Bearer …` with its value.",
  },
  ML7003: {
    severity: "error",
    message: 'Change path = "{path}" to a route such as "/predict": {why}.',
  },
  ML7004: {
    severity: "error",
    message: "Give {first} and {second} different paths or ports: both answer {path} on port {port}.",
  },
  ML7005: {
    severity: "error",
    message: "Choose another port: {host}:{port} cannot be listened on ({why}).",
    help: "`mlops serve SPEC --port 0` takes a free one.",
  },
  ML7006: {
    severity: "error",
    message: "Name a deployment of this spec: `{name}` is none. It has {known}.",
  },
  ML7007: {
    severity: "error",
    message: "Declare a deployment: this spec has none to serve.",
  },
  ML7010: {
    severity: "error",
    message: 'Let output end in .csv or .parquet: "{path}" ends in neither.',
  },
  ML7011: {
    severity: "error",
    message: 'Choose another output: "{path}" is read by {dataset}, and would be overwritten.',
  },
  ML7012: {
    severity: "error",
    message: "Add {column} to {dataset}, for the model of {release} to read{hint}.",
  },
  ML7013: {
    severity: "error",
    message:
      "Change the type of {column} in {dataset} to {expected}: it is {actual}, and the model of {release} was trained on {expected}.",
  },
  ML7014: {
    severity: "error",
    message:
      "Leave {column} out with `include`: the predictions' own columns are prediction, probability and score.",
  },
  ML7015: {
    severity: "error",
    message: 'Make "{path}" writable: the predictions could not be written ({why}).',
  },
  ML7016: {
    severity: "error",
    message: "Name a column of {dataset} in {attribute}: it has no {column}{hint}.",
  },
  ML7017: {
    severity: "error",
    message:
      "Leave {column} out of include: it is redacted, and redacted values are not stored with predictions.",
  },
  ML7018: {
    severity: "error",
    message:
      "Impute {column}, or fill it in {dataset}: the model has no prediction for {count} rows (the first is row {row}).",
    help: "A linear model has no answer where a number is missing that no `impute` fills.",
  },
  ML7100: {
    severity: "error",
    message: "Release a language model for `protocol = openai`: {release} predicts rows.",
    help: "The version under the alias decides, not the spec alone: `mlops models show` tells what it is.",
  },
  ML7101: {
    severity: "error",
    message: "Serve it with `protocol = openai`, or release a model of rows: {release} is a language model.",
    help: "The version under the alias decides, not the spec alone: `mlops models show` tells what it is.",
  },
  ML7102: {
    severity: "error",
    message:
      "Run the spec again, or leave `prompt` out: {release} was taught with another template than {prompt} has now.",
    help: "A model answers what it was taught to be asked with, byte for byte.",
  },
  ML7103: {
    severity: "error",
    message: "Release the model again: the files of {release} are not those of a language model ({problem}).",
  },
  ML7104: {
    severity: "error",
    message: "Give `mlops predict` {wanted}: {release} is {model}.",
  },
} as const satisfies Catalogue;
