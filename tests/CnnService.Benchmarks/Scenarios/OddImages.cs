using System.Net.Http.Headers;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>Every file of a folder posted to /classify, many rounds: an answer each time, the process alive, memory level.</summary>
internal static class OddImages
{
    public static async Task RunAsync(Arguments arguments)
    {
        var files =
            Directory.GetFiles(arguments.Required(0, "a folder of odd image files"))
            .Where(f => !f.EndsWith(".md", StringComparison.Ordinal)).Order().ToArray();
        var rounds = arguments.Whole("--rounds", 200);
        await using var bench = await Workbench.StartAsync();
        await bench.ImportAsync("shapes");
        await bench.FinishedAsync(await bench.TrainAsync(new { dataset = "shapes", epochs = 1 }));
        foreach (var file in files)
        {
            var (status, body) = await PostAsync(bench, file);
            Figures.Print($"{status} {Path.GetFileName(file)} {body[..Math.Min(body.Length, 150)]}");
        }

        long early = 0;
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var file in files)
            {
                var (status, body) = await PostAsync(bench, file);
                if (status >= 500)
                {
                    throw new InvalidOperationException($"{status} for {file}: {body}");
                }
            }

            if (round == Math.Max(1, rounds / 10))
            {
                early = bench.Service.ResidentBytes;
            }
        }

        Figures.Print(
            $"resident MB after {Math.Max(1, rounds / 10)} rounds: {Figures.Megabytes(early).Text()}, after "
            + $"{rounds}: {Figures.Megabytes(bench.Service.ResidentBytes).Text()}");
    }

    private static async Task<(int Status, string Body)> PostAsync(Workbench bench, string file)
    {
        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(file));
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var answer = await bench.Service.Client.PostAsync(new Uri("classify", UriKind.Relative), content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
