using CnnService.Core.Interpretation.Rendering;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Core.Tests.Interpretation.Rendering;

public sealed class DiskImageCacheTests : IDisposable
{
    private const int Size = 968; // With its checksum a file has 1,000 bytes.

    /// <summary>Long before today: files being written, which bear the real time, must not look abandoned.</summary>
    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    /// <summary>Goes on by a second with each look.</summary>
    private readonly FakeTimeProvider _clock = new(Start) { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryGet_AfterPut_GivesTheBytesBackEvenAfterARestart()
    {
        Create().Put("abc1", Bytes(1));

        Assert.True(Create().TryGet("abc1", out var bytes));
        Assert.Equal(Bytes(1), bytes);
    }

    [Fact]
    public void Bytes_AreThoseOfTheFiles_AfterARestartToo()
    {
        Assert.Equal(0, Create().Bytes);
        var cache = Create();
        cache.Put("abc1", Bytes(1));
        cache.Put("abc2", Bytes(2));

        Assert.Equal((2000, 2000), (cache.Bytes, Create().Bytes));
    }

    [Fact]
    public void TryGet_NeverPut_IsFalse() => Assert.False(Create().TryGet("abc1", out _));

    [Theory]
    [InlineData(0)]
    [InlineData(Size / 2)]
    [InlineData(Size + 5)]
    public void TryGet_AlteredFile_CountsAsMissingUntilPutAgain(int position)
    {
        var cache = Create();
        cache.Put("abc1", Bytes(1));
        var content = File.ReadAllBytes(PathOf("abc1"));
        content[position] ^= 1;
        File.WriteAllBytes(PathOf("abc1"), content);

        Assert.False(cache.TryGet("abc1", out _));
        cache.Put("abc1", Bytes(1));
        Assert.True(cache.TryGet("abc1", out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(Size)]
    public void TryGet_TornFile_CountsAsMissing(int length)
    {
        var cache = Create();
        cache.Put("abc1", Bytes(1));
        File.WriteAllBytes(PathOf("abc1"), File.ReadAllBytes(PathOf("abc1"))[..length]);

        Assert.False(cache.TryGet("abc1", out _));
    }

    [Fact]
    public void TryGet_FolderDeletedMeanwhile_CountsAsMissing()
    {
        var cache = Create();
        cache.Put("abc1", Bytes(1));
        Directory.Delete(_folder["images"], recursive: true);

        Assert.False(cache.TryGet("abc1", out _));
        cache.Put("abc1", Bytes(2));
        Assert.True(cache.TryGet("abc1", out _));
    }

    [Fact]
    public void Put_OverTheLimit_TheLongestUnusedGoes()
    {
        var cache = Create(maxBytes: 4000);
        foreach (var key in new[] { "aa01", "bb02", "cc03", "dd04" })
        {
            cache.Put(key, Bytes(1));
        }

        Assert.True(cache.TryGet("aa01", out _)); // Used again: bb02 and cc03 are now the oldest.
        cache.Put("ee05", Bytes(1));

        string[] kept = [.. new[] { "aa01", "bb02", "cc03", "dd04", "ee05" }.Where(key => cache.TryGet(key, out _))];
        Assert.Equal(["aa01", "dd04", "ee05"], kept); // Down to 90 % of 4,000.
    }

    [Fact]
    public void Put_AfterARestart_CountsWhatIsThere()
    {
        Create(maxBytes: 2500).Put("aa01", Bytes(1));
        Create(maxBytes: 2500).Put("bb02", Bytes(1));

        var cache = Create(maxBytes: 2500);
        cache.Put("cc03", Bytes(1));

        Assert.False(cache.TryGet("aa01", out _));
        Assert.True(cache.TryGet("bb02", out _));
        Assert.True(cache.TryGet("cc03", out _));
    }

    [Fact]
    public void Put_LargerThanTheLimit_IsNotKeptAndDrivesNothingOut()
    {
        var cache = Create(maxBytes: 1500);
        cache.Put("aa01", Bytes(1));
        cache.Put("bb02", new byte[1490]);

        Assert.True(cache.TryGet("aa01", out _));
        Assert.False(cache.TryGet("bb02", out _));
    }

    [Fact]
    public void Put_FirstTime_RemovesWhatAnotherProcessLeftHalfWritten()
    {
        Directory.CreateDirectory(_folder["images", "ab"]);
        string old = _folder["images", "ab", "abff.image.tmp-1"], young = _folder["images", "ab", "abee.image.tmp-2"];
        File.WriteAllText(old, "half");
        File.WriteAllText(young, "half");
        File.SetLastWriteTimeUtc(old, Start.UtcDateTime.AddHours(-2));
        File.SetLastWriteTimeUtc(young, Start.UtcDateTime);

        Create().Put("abc1", Bytes(1));

        Assert.False(File.Exists(old));
        Assert.True(File.Exists(young));
        Assert.Equal(2, Directory.GetFiles(_folder["images"], "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Put_ManyAtOnce_EveryImageIsWhole()
    {
        var cache = Create();
        Parallel.For(0, 64, i => cache.Put($"abc{i % 8}", Bytes(i % 8)));

        Assert.All(Enumerable.Range(0, 8), i =>
        {
            Assert.True(cache.TryGet($"abc{i}", out var bytes));
            Assert.Equal(Bytes(i), bytes);
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc")]
    [InlineData("ABCDEF")]
    public void TryGet_KeyThatIsNoHash_Throws(string key) => Assert.Throws<ArgumentException>(() => Create().TryGet(key, out _));

    private static byte[] Bytes(int seed) => [.. Enumerable.Range(0, Size).Select(i => (byte)(i + seed))];

    private DiskImageCache Create(long maxBytes = 1 << 20) =>
        new(new() { Folder = _folder["images"], MaxBytes = maxBytes }, _clock);

    private string PathOf(string key) => _folder["images", key[..2], key + ".image"];
}
