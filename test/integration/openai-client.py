"""OpenAI's own Python client against a running server: prints what it got as one JSON document.

    python openai-client.py BASE_URL API_KEY MODEL
"""
import json
import sys

import openai

base, key, model = sys.argv[1:4]
client = openai.OpenAI(base_url=base, api_key=key, max_retries=0)
messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Who?"}]
sampling = {"model": model, "max_tokens": 12, "temperature": 0.8, "seed": 5}

answers = {"version": openai.__version__, "models": [one.id for one in client.models.list()]}
answers["model"] = client.models.retrieve(model).owned_by

completion = client.completions.create(prompt="Once", **sampling)
answers["completion"] = [completion.choices[0].text, completion.choices[0].finish_reason, completion.usage.total_tokens]
answers["completion_stream"] = "".join(
    chunk.choices[0].text for chunk in client.completions.create(prompt="Once", stream=True, **sampling)
)

chat = client.chat.completions.create(messages=messages, **sampling)
answers["chat"] = [chat.choices[0].message.content, chat.choices[0].message.role, chat.usage.completion_tokens]
text, usage, finish = "", None, None
for chunk in client.chat.completions.create(
    messages=messages, stream=True, stream_options={"include_usage": True}, **sampling
):
    if chunk.usage is not None:
        usage = chunk.usage.completion_tokens
    for choice in chunk.choices:
        text += choice.delta.content or ""
        finish = choice.finish_reason or finish
answers["chat_stream"] = [text, finish, usage]

# The client asks for base64 and decodes it; asked for numbers it gets them.
coded = client.embeddings.create(model=model, input=["one", "two"])
plain = client.embeddings.create(model=model, input="one", encoding_format="float")
answers["embedding"] = coded.data[0].embedding
answers["embedding_plain"] = plain.data[0].embedding
answers["embeddings"] = [len(coded.data), coded.usage.prompt_tokens]

first = client.chat.completions.create(messages=messages[1:], extra_body={"session": "python"}, **sampling)
second = client.chat.completions.create(messages=messages[1:], extra_body={"session": "python"}, **sampling)
answers["session"] = [first.usage.prompt_tokens, second.usage.prompt_tokens]

stream = client.completions.create(prompt="Once", stream=True, **{**sampling, "max_tokens": 80})
next(iter(stream))
stream.close()


def refused(work):
    try:
        work()
    except openai.APIStatusError as error:
        return [type(error).__name__, error.status_code, error.code, error.param]
    return None


answers["refusals"] = [
    refused(lambda: client.completions.create(prompt="x", model="gpt-4")),
    refused(lambda: client.with_options(api_key="wrong").models.list()),
    refused(lambda: client.chat.completions.create(messages=messages, model=model, logprobs=True)),
    refused(lambda: client.chat.completions.create(messages=messages, model=model, response_format={"type": "json_object"})),
]
print(json.dumps(answers))
