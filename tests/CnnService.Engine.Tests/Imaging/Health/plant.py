"""Plants 100 near duplicates into a copy of a data set of photographs.

usage: plant.py SOURCE TARGET SEED: SOURCE has train and validation, each with a folder a class. The copies are scaled, recompressed,
cropped by a twentieth, or all of it, and lie in the same or another split and class; their names are planted-KIND-NAME.
"""
import os
import random
import sys

from PIL import Image

COPIES = 100


def cropped(image, chance):
    """By a twentieth of each side's length: off both ends, half of it off each end, or all of it somewhere."""
    way = chance.choice(('both', 'half', 'shifted'))
    left, top = {'both': (.05, .05), 'half': (.025, .025), 'shifted': (chance.random() * .05, chance.random() * .05)}[way]
    share = .9 if way == 'both' else .95
    return image.crop([round(side * edge) for side, edge in zip(
        (image.width, image.height, image.width, image.height), (left, top, left + share, top + share))])


def scaled(image, chance):
    factor = chance.uniform(.4, .9) if chance.random() < .8 else chance.uniform(1.2, 2)
    return image.resize([max(8, round(side * factor)) for side in image.size], Image.BICUBIC)


def main(source, target, seed):
    chance, originals = random.Random(seed), []
    for split in ('train', 'validation'):
        for name in sorted(os.listdir(f'{source}/{split}')):
            os.makedirs(f'{target}/{split}/{name}')
            for file in sorted(os.listdir(f'{source}/{split}/{name}')):
                with open(f'{source}/{split}/{name}/{file}', 'rb') as original, open(f'{target}/{split}/{name}/{file}', 'wb') as copy:
                    copy.write(original.read())
                if split == 'train':
                    originals.append((name, file))
    classes = sorted({name for name, _ in originals})
    for number, (name, file) in enumerate(chance.sample(originals, COPIES)):
        kind = ('scaled', 'recompressed', 'cropped', 'all')[number % 4]
        image = Image.open(f'{source}/train/{name}/{file}').convert('RGB')
        image = cropped(image, chance) if kind in ('cropped', 'all') else image
        image = scaled(image, chance) if kind in ('scaled', 'all') else image
        quality = chance.randint(30, 70) if kind in ('recompressed', 'all') else 90
        folder = f'{target}/{chance.choice(("train", "validation"))}/{name if chance.random() < .7 else chance.choice(classes)}'
        image.save(f'{folder}/planted-{kind}-{file}', quality=quality)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
