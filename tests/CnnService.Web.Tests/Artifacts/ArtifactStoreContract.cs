using CnnService.Core.Common;

namespace CnnService.Web.Tests.Artifacts;

/// <summary>What every store of artifacts does.</summary>
public abstract class ArtifactStoreContract
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 5000).Select(at => (byte)(at * 31 % 251))];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract Task<IArtifactStore> CreateAsync();

    [Fact]
    public async Task Get_AfterPut_GivesTheSameBytes_AndAnyPart()
    {
        var store = await CreateAsync();
        await PutAsync(store, "models/m/run-1/abc", Content);

        Assert.Equal(Content, await ReadAsync(store, "models/m/run-1/abc", 0, null));
        Assert.Equal(Content[..10], await ReadAsync(store, "models/m/run-1/abc", 0, 10));
        Assert.Equal(Content[4000..4123], await ReadAsync(store, "models/m/run-1/abc", 4000, 123));
        Assert.Equal(Content[4990..], await ReadAsync(store, "models/m/run-1/abc", 4990, null));
    }

    [Fact]
    public async Task Get_OfWhatIsNotThere_SaysSo()
    {
        var store = await CreateAsync();

        Assert.Null(await ReadAsync(store, "models/m/run-1/none", 0, null));
        Assert.Null(await ReadAsync(store, "models/m/run-1/none", 10, 10));
    }

    [Fact]
    public async Task Put_OfTheSameAgain_ChangesNothing()
    {
        var store = await CreateAsync();
        await PutAsync(store, "a/b", Content);
        await PutAsync(store, "a/b", Content);

        Assert.Equal([("a/b", 5000L)], await ListAsync(store, "a/"));
    }

    [Fact]
    public async Task List_GivesThoseThatBeginSo_AndNoOthers()
    {
        var store = await CreateAsync();
        foreach (var key in new[] { "a/1/x", "a/1/y", "a/10/z", "b/1/x" })
        {
            await PutAsync(store, key, Content[..key.Length]);
        }

        Assert.Equal([("a/1/x", 5L), ("a/1/y", 5L)], await ListAsync(store, "a/1/"));
        Assert.Equal([("a/1/x", 5L), ("a/1/y", 5L), ("a/10/z", 6L)], await ListAsync(store, "a/1"));
        Assert.Empty(await ListAsync(store, "c/"));
    }

    [Fact]
    public async Task Delete_DeletesThoseThatBeginSo_AndNoOthers()
    {
        var store = await CreateAsync();
        foreach (var key in new[] { "a/1/x", "a/1/y", "a/10/z" })
        {
            await PutAsync(store, key, Content);
        }

        await store.DeleteAsync("a/1/", Cancel);
        await store.DeleteAsync("none/", Cancel);

        Assert.Equal([("a/10/z", 5000L)], await ListAsync(store, "a/"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    public async Task Keys_ThatAreNone_AreRefused(string key)
    {
        var store = await CreateAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => PutAsync(store, key, Content));
        await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(store, key, 0, null));
        await Assert.ThrowsAsync<ArgumentException>(() => store.DeleteAsync(key, Cancel));
    }

    private static async Task PutAsync(IArtifactStore store, string key, byte[] content)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "file");
        await File.WriteAllBytesAsync(file, content, Cancel);
        await store.PutAsync(key, file, Cancel);
    }

    private static async Task<byte[]?> ReadAsync(IArtifactStore store, string key, long offset, long? length)
    {
        var read = new MemoryStream();
        var isThere = await store.GetAsync(
            key, offset, length,
            async (from, cancel) =>
            {
                var all = new MemoryStream();
                await from.CopyToAsync(all, cancel);
                read.Write(all.ToArray().AsSpan(0, (int)(length ?? all.Length)));
            },
            Cancel);
        return isThere ? read.ToArray() : null;
    }

    private static async Task<List<(string Key, long Bytes)>> ListAsync(IArtifactStore store, string prefix)
    {
        var found = new List<(string, long)>();
        await foreach (var one in store.ListAsync(prefix, Cancel))
        {
            found.Add((one.Key, one.Bytes));
        }

        return [.. found.OrderBy(one => one.Item1, StringComparer.Ordinal)];
    }
}
