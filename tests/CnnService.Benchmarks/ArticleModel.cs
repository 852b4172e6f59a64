namespace CnnService.Benchmarks;

/// <summary>The article's network, trained a little: what it answers does not matter to how fast it answers.</summary>
internal static class ArticleModel
{
    public const string Name = "article";

    /// <summary>Imports the images, trains each version for an epoch with a seed of its own, and returns the first one's
    /// ONNX file.</summary>
    public static async Task<byte[]> PublishAsync(Workbench bench, string data, int versions = 1)
    {
        using var archive = Archive.Of(data);
        await bench.ImportAsync("data", archive.Path);
        for (var seed = 1; seed <= versions; seed++)
        {
            var run = await bench.TrainAsync(new { dataset = "data", model = Name, architecture = "article-cnn", epochs = 1, seed });
            await bench.FinishedAsync(run);
        }

        return await bench.Service.Client.GetByteArrayAsync(new Uri($"models/{Name}/versions/1/onnx", UriKind.Relative));
    }

    /// <summary>The training images' files, in the order of their names.</summary>
    public static byte[][] Files(string data) =>
        [.. Directory.EnumerateFiles(Path.Combine(data, "train"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes)];
}
