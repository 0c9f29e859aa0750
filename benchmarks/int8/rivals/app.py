"""The library behind FastAPI as its users write it: one process, two threads of torch, one text at a time: python app.py MODEL PORT"""

import sys

import torch
import uvicorn
from common import THREADS
from fastapi import FastAPI
from gliner import GLiNER
from pydantic import BaseModel

torch.set_num_threads(THREADS)
model = GLiNER.from_pretrained(sys.argv[1], map_location="cpu")
app = FastAPI()


class Question(BaseModel):
    text: str
    labels: list[str]


@app.post("/gliner")
async def extract(question: Question):
    return {"entities": model.predict_entities(question.text, question.labels)}


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), access_log=False)
