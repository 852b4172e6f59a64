using System.Formats.Tar;
using System.IO.Compression;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;

namespace CnnService.Engine.Tests.Imaging;

/// <summary>Small images, and archives and folders made of them.</summary>
internal static class SomeImages
{
    /// <summary>A PNG of one colour; the number decides it, so that no two contents are the same.</summary>
    public static byte[] Png(int number, int side = 8) =>
        Png(new byte[] { (byte)(number * 7), (byte)(number * 13), (byte)(255 - number) }, side);

    public static byte[] Png(byte[] color, int side) => new PngEncoder().Encode(
        new PixelBuffer(side, side, 3, [.. Enumerable.Range(0, side * side).SelectMany(_ => color)]), []);

    /// <summary>Packs entries as zip, tar, tar.gz or a folder; returns its path.</summary>
    public static string Pack(string kind, string folder, IEnumerable<(string Path, byte[] Content)> entries)
    {
        var path = Path.Combine(folder, $"source.{kind}");
        switch (kind)
        {
            case "zip":
                using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
                {
                    foreach (var (name, content) in entries)
                    {
                        using var stream = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                        stream.Write(content);
                    }
                }

                break;
            case "folder":
                foreach (var (name, content) in entries)
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(path, name))!);
                    if (!name.EndsWith('/'))
                    {
                        File.WriteAllBytes(Path.Combine(path, name), content);
                    }
                }

                break;
            default:
                using (var file = File.Create(path))
                using (Stream stream = kind == "tar.gz" ? new GZipStream(file, CompressionLevel.Fastest) : file)
                using (var tar = new TarWriter(stream))
                {
                    foreach (var (name, content) in entries)
                    {
                        tar.WriteEntry(name.EndsWith('/') ? new PaxTarEntry(TarEntryType.Directory, name)
                            : new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
                    }
                }

                break;
        }

        return path;
    }
}
