using System.Formats.Tar;
using CnnService.Studio.Browser;
using CnnService.Studio.Sending;

namespace CnnService.Studio.Tests.Sending;

/// <summary>Judged by the platform's own reader of tars.</summary>
public class TarArchiveTests
{
    private static readonly (string Name, byte[] Content)[] Files =
    [
        ("pets/cats/1.jpg", Bytes(1000)),
        ("pets/cats/" + new string('n', 150) + ".jpg", Bytes(512)),
        ("pets/dogs/Köter & Söhne.png", Bytes(513)),
        ("pets/dogs/empty.txt", []),
        ("pets/birds/10.jpg", Bytes(4096)),
    ];

    [Fact]
    public async Task Archive_ReadWhole_HoldsEveryFile()
    {
        var archive = Archive();
        using var stream = new MemoryStream(await archive.ReadAsync(0, int.MaxValue, ReadAsync));
        Assert.Equal(archive.Length, stream.Length);

        var read = new Dictionary<string, byte[]>();
        using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(copyData: true) is { } entry)
        {
            using var content = new MemoryStream();
            await (entry.DataStream ?? Stream.Null).CopyToAsync(content);
            read[entry.Name] = content.ToArray();
        }

        Assert.Equal(Files.Select(file => file.Name).Order(StringComparer.Ordinal), read.Keys);
        Assert.All(Files, file => Assert.Equal(file.Content, read[file.Name]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(512)]
    [InlineData(1000)]
    public async Task Archive_ReadInPieces_IsTheSame(int piece)
    {
        var archive = Archive();
        var whole = await archive.ReadAsync(0, int.MaxValue, ReadAsync);
        var pieces = new List<byte>();
        for (long offset = 0; offset < archive.Length; offset += piece)
        {
            pieces.AddRange(await archive.ReadAsync(offset, piece, ReadAsync));
        }

        Assert.Equal(whole, pieces);
    }

    [Fact]
    public async Task Archive_FileThatShrank_IsTold()
    {
        var archive = Archive();
        await Assert.ThrowsAsync<IOException>(() => archive.ReadAsync(0, int.MaxValue, _ => Task.FromResult(new byte[3])));
    }

    private static TarArchive Archive() => new([.. Files.Select(file => file.Name)], [.. Files.Select(file => (long)file.Content.Length)]);

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(place => (byte)((place * 31) + count))];

    private static Task<byte[]> ReadAsync(IReadOnlyList<FilePart> parts) =>
        Task.FromResult(parts.SelectMany(part => Files[part.File].Content[(int)part.Start..(int)part.End]).ToArray());
}
