# Taught in 03, 05, 06 · tests/helpers/book/test_parity.py tests/helpers/book/test_traps.py
"""The code of the book's chapter as printed, bugs included; it is not in the d2l package (trap T15).

From "Pretraining word2vec", Dive into Deep Learning (https://d2l.ai, sample code licence). Not one line is mended
here: the notebooks show what goes wrong, the tests hold ours against it, and `experiments.race` times it. Where d2l is
missing the functions are defined all the same, and say so when they are called.

What goes wrong, in this code and in the d2l package, by the numbers that comments here give it; `test_traps` has a test
for each:

T1   the printed rate divides the words of all epochs by the seconds of the last
T2   the printed loss is the mean since the first step, not the loss of now
T3   below five batches an epoch, ``num_batches // 5`` is 0: ZeroDivisionError
T4   padding is corrected in three places; with one of them forgotten short rows weigh less, in silence
T5   each center word weighs 1, whatever its window; the paper sums over pairs
T6   ``get_negatives`` never returns where a center's contexts are all the words
T7   a center can be drawn as its own noise word; word2vec.c leaves out the context alone
T8   windows and noise words are drawn once for all epochs, and memorised
T9   an unknown query becomes ``<unk>`` and gets neighbours
T10  ``topk[1:]`` takes for granted that the query ranks first
T11  the padding's id, 0, is a word's id too
T12  ``device=d2l.try_gpu()`` is chosen when the function is defined; no seed is set
T13  subsampling follows the paper's formula, and word2vec.c another
T14  ``d2l.download`` has no time limit, and takes an error page for the archive
T15  the chapter's functions are not in the package
T16  ``sigmd`` is the negative log of the sigmoid, and overflows
"""
# fmt: off
# ruff: noqa: B008

import torch
from torch import nn

from helpers.book.d2l import load_d2l

d2l = load_d2l(quiet=True)  # the book: from d2l import torch as d2l


def skip_gram(center, contexts_and_negatives, embed_v, embed_u):
    v = embed_v(center)
    u = embed_u(contexts_and_negatives)
    pred = torch.bmm(v, u.permute(0, 2, 1))
    return pred


class SigmoidBCELoss(nn.Module):
    # Binary cross-entropy loss with masking
    def __init__(self):
        super().__init__()

    def forward(self, inputs, target, mask=None):
        out = nn.functional.binary_cross_entropy_with_logits(
            inputs, target, weight=mask, reduction="none")
        return out.mean(dim=1)


loss = SigmoidBCELoss()


def train(net, data_iter, lr, num_epochs, device=d2l.try_gpu()):
    def init_weights(module):
        if type(module) == nn.Embedding:  # noqa: E721
            nn.init.xavier_uniform_(module.weight)
    net.apply(init_weights)
    net = net.to(device)
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    animator = d2l.Animator(xlabel='epoch', ylabel='loss',
                            xlim=[1, num_epochs])
    # Sum of normalized losses, no. of normalized losses
    metric = d2l.Accumulator(2)
    for epoch in range(num_epochs):
        timer, num_batches = d2l.Timer(), len(data_iter)
        for i, batch in enumerate(data_iter):
            optimizer.zero_grad()
            center, context_negative, mask, label = [
                data.to(device) for data in batch]

            pred = skip_gram(center, context_negative, net[0], net[1])
            l = (loss(pred.reshape(label.shape).float(), label.float(), mask)  # noqa: E741
                     / mask.sum(axis=1) * mask.shape[1])
            l.sum().backward()
            optimizer.step()
            metric.add(l.sum(), l.numel())
            if (i + 1) % (num_batches // 5) == 0 or i == num_batches - 1:
                animator.add(epoch + (i + 1) / num_batches,
                             (metric[0] / metric[1],))
    print(f'loss {metric[0] / metric[1]:.3f}, '
          f'{metric[1] / timer.stop():.1f} tokens/sec on {str(device)}')


vocab = None  # get_similar_tokens reads this global: set it to the d2l.Vocab first


def get_similar_tokens(query_token, k, embed):
    W = embed.weight.data
    x = W[vocab[query_token]]
    # Compute the cosine similarity. Add 1e-9 for numerical stability
    cos = torch.mv(W, x) / torch.sqrt(torch.sum(W * W, dim=1) *
                                      torch.sum(x * x) + 1e-9)
    topk = torch.topk(cos, k=k+1)[1].cpu().numpy().astype('int32')
    for i in topk[1:]:  # Remove the input words
        print(f'cosine sim={float(cos[i]):.3f}: {vocab.to_tokens(i)}')
