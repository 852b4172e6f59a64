"""Writes images of every orientation, container and form of the tag, and each as Pillow shows it upright.

usage: orientations.py FOLDER: the files, beside each one its pixels (FILE.rgb), and index.txt with a line "FILE WIDTH HEIGHT" for each.
Where Pillow itself reads the tag, its exif_transpose must agree with what the orientation's number means; where it does not (the type BYTE,
XMP outside of PNG), the number decides.
"""
import io
import struct
import sys
import zlib

from PIL import Image, ImageDraw, ImageOps

TURN = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}
TYPES = {'byte': (1, 'B'), 'short': (3, 'H'), 'long': (4, 'I')}
XMP_NAME = b'http://ns.adobe.com/xap/1.0/\0'


def picture():
    """Something that looks different in each of the eight ways, smooth enough for a JPEG."""
    image = Image.linear_gradient('L').resize((44, 28))
    image = Image.merge('RGB', (image, image.transpose(Image.Transpose.ROTATE_180), Image.new('L', image.size, 90)))
    draw = ImageDraw.Draw(image)
    draw.rectangle((3, 3, 14, 9), fill=(230, 40, 40))
    draw.ellipse((24, 12, 40, 25), fill=(30, 60, 220))
    return image


def tiff(order, kind, value, tag=0x0112):
    """A TIFF header and a directory of three entries: ImageDescription in front, the orientation, YResolution's unit behind."""
    code, letter = TYPES[kind]
    mark = '<' if order == 'II' else '>'
    entry = lambda tag, code, data: struct.pack(mark + 'HHI', tag, code, 1) + data.ljust(4, b'\0')
    return (order.encode() + struct.pack(mark + 'HI', 42, 8) + struct.pack(mark + 'H', 3)
            + entry(0x010E, 2, b'\0') + entry(tag, code, struct.pack(mark + letter, value))
            + entry(0x0128, 3, struct.pack(mark + 'H', 2)) + struct.pack('>I', 0))


def xmp(value, form):
    body = {'attribute': ' tiff:Orientation="%d"/>', 'element': '><tiff:Orientation>%d</tiff:Orientation></rdf:Description>'}[form] % value
    return ('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
            'rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"' + body + '</rdf:RDF></x:xmpmeta>').encode()


def jpeg(image, segments, **options):
    file = io.BytesIO()
    image.save(file, 'JPEG', quality=92, **options)
    data = file.getvalue()
    head = data.index(b'\xff\xdb')  # Behind APP0, as cameras have it.
    return data[:head] + b''.join(b'\xff\xe1' + struct.pack('>H', len(s) + 2) + s for s in segments) + data[head:]


def png(image, before=(), after=()):
    file = io.BytesIO()
    image.save(file, 'PNG')
    data = file.getvalue()
    chunk = lambda name, body: struct.pack('>I', len(body)) + name + body + struct.pack('>I', zlib.crc32(name + body))
    first, end = data.index(b'IDAT') - 4, data.index(b'IEND') - 4
    return data[:first] + b''.join(chunk(*c) for c in before) + data[first:end] + b''.join(chunk(*c) for c in after) + data[end:]


def profile(exif):
    text = exif.hex()
    return b'\nexif\n%8d\n' % len(exif) + '\n'.join(text[i:i + 72] for i in range(0, len(text), 72)).encode() + b'\n'


def webp(image, exif=None, packet=None, **options):
    file = io.BytesIO()
    more = {name: value for name, value in (('exif', exif), ('xmp', packet)) if value}
    image.save(file, 'WEBP', **options, **more)
    return file.getvalue()


def forms(image, number):
    """Name, file, and whether Pillow reads this form."""
    for order in ('II', 'MM'):
        for kind in TYPES:
            exif, reads, name = tiff(order, kind, number), kind != 'byte', '%s-%s' % (order.lower(), kind)
            yield name + '.jpg', jpeg(image, [b'Exif\0\0' + exif]), reads
            yield name + '.png', png(image, [(b'eXIf', exif)]), reads
            yield name + '-bare.webp', webp(image, exif, quality=90), reads
            yield name + '-prefix.webp', webp(image, b'Exif\0\0' + exif, lossless=True), reads
    exif = tiff('MM', 'short', number)
    other = tiff('II', 'short', 3, tag=0x0106)  # EXIF that does not speak of it.
    yield 'progressive.jpg', jpeg(image, [b'Exif\0\0' + exif], progressive=True), True
    yield 'grey.jpg', jpeg(image.convert('L'), [b'Exif\0\0' + exif]), True
    yield 'second-exif.jpg', jpeg(image, [b'Exif\0\0' + exif, b'Exif\0\0' + tiff('II', 'short', 1 + number % 8)]), True
    yield 'video-behind.jpg', jpeg(image, [b'Exif\0\0' + exif]) + b'\0\0\0\x18ftypmp42\xff\xd8\xff\xda\0\x04' + bytes(range(256)), True
    yield 'image-behind.jpg', jpeg(image, [b'Exif\0\0' + exif]) + jpeg(image, [b'Exif\0\0' + tiff('II', 'short', 1 + number % 8)]), True
    yield 'xmp-attribute.jpg', jpeg(image, [XMP_NAME + xmp(number, 'attribute')]), False
    yield 'xmp-behind-silent-exif.jpg', jpeg(image, [b'Exif\0\0' + other, XMP_NAME + xmp(number, 'element')]), False
    yield 'exif-before-xmp.jpg', jpeg(image, [XMP_NAME + xmp(1 + number % 8, 'element'), b'Exif\0\0' + exif]), True
    yield 'behind-pixels.png', png(image, after=[(b'eXIf', exif)]), True
    yield 'bytes-behind.png', png(image, [(b'eXIf', exif)]) + b'\0\0\0\0eXIf more', True
    raw = b'Raw profile type exif\0'
    yield 'profile-text.png', png(image, [(b'tEXt', raw + profile(b'Exif\0\0' + exif))]), True
    yield 'profile-packed.png', png(image, [(b'zTXt', raw + b'\0' + zlib.compress(profile(exif)))]), True
    name = b'XML:com.adobe.xmp\0'
    yield 'xmp.png', png(image, [(b'iTXt', name + b'\0\0\0\0' + xmp(number, 'attribute'))]), True
    yield 'xmp-packed.png', png(image, [(b'iTXt', name + b'\1\0en\0XMP\0' + zlib.compress(xmp(number, 'element')))]), True
    yield 'xmp.webp', webp(image, packet=xmp(number, 'attribute'), quality=90), False
    yield 'exif-before-xmp.webp', webp(image, exif, xmp(1 + number % 8, 'element'), lossless=True), True


def cut_animations(image):
    """Animations that end in the middle of a later frame: the first one is whole."""
    frames = [image] + [image.transpose(turn) for turn in (TURN[2], TURN[3], TURN[4])]
    for container, options in (('GIF', {}), ('WEBP', {'lossless': True})):
        file = io.BytesIO()
        frames[0].save(file, container, save_all=True, append_images=frames[1:], duration=100, **options)
        first = Image.open(file).convert('RGB')
        yield 'cut-animation.' + container.lower(), file.getvalue()[:len(file.getvalue()) * 2 // 3], first


def main(folder):
    image, lines = picture(), []
    made = list(cut_animations(image))
    for number in range(1, 9):
        for name, data, reads in forms(image, number):
            stored = Image.open(io.BytesIO(data))
            upright = stored.convert('RGB').transpose(TURN[number]) if number in TURN else stored.convert('RGB')
            if reads:
                seen = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert('RGB')
                assert seen.tobytes() == upright.tobytes(), (number, name)
            made.append(('%d-%s' % (number, name), data, upright))
    for name, data, upright in made:
        for suffix, content in (('', data), ('.rgb', upright.tobytes())):
            with open('%s/%s%s' % (folder, name, suffix), 'wb') as file:
                file.write(content)
        lines.append('%s %d %d\n' % (name, *upright.size))
    with open(folder + '/index.txt', 'w') as file:
        file.writelines(lines)


main(sys.argv[1])
