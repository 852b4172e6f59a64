using CnnService.Client;
using CnnService.Studio.Parts.Images;

namespace CnnService.Studio.Pages.Results;

/// <summary>How familiar some of the images are that a version was judged on.</summary>
internal static class FamiliaritySample
{
    private const int AtOnce = 8;

    /// <summary>Familiarities, 0–1, from the least on.</summary>
    /// <param name="client">Asks the service.</param>
    /// <param name="results">The version and its data set.</param>
    /// <param name="count">How many images, of all classes in turn.</param>
    /// <param name="cancel">Ends the calls.</param>
    public static async Task<IReadOnlyList<double>> ReadAsync(
        CnnServiceClient client, RunResults results, int count, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(results);
        var familiarities = new List<double>();
        foreach (var some in (await Examples.OfAsync(client, results.Run.Dataset, count, cancel)).Chunk(AtOnce))
        {
            var images = some.Select(image => new ChosenImage(image.Id, results.Reference(image.Id), null));
            var files = await Task.WhenAll(images.Select(image => image.ReadAsync(client, null, cancel)));
            var answer = await client.ClassifyAsync(
                model: results.Name, top: 1, files: files.Select(file => new FileParameter(new MemoryStream(file, false), "image")),
                cancellationToken: cancel);
            familiarities.AddRange(answer.Results.Select(result => result.Familiarity).OfType<double>());
        }

        return [.. familiarities.Order()];
    }
}
