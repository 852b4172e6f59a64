using CnnService.Client;

namespace CnnService.Studio.Parts.Images;

/// <summary>A few images of a data set to look at, some of each class in turn.</summary>
internal static class Examples
{
    private const int Classes = 6;

    /// <summary>The images; empty where the data set is gone.</summary>
    /// <param name="client">Asks the service.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancel">Ends the calls.</param>
    public static async Task<IReadOnlyList<ImageResource>> OfAsync(
        CnnServiceClient client, string dataset, int count, CancellationToken cancel)
    {
        var resource = await client.GetDatasetAsync(dataset, cancel);
        var classes = (resource.Classes ?? []).Take(Classes).ToList();
        if (resource.Status != DatasetStatus.Ready || classes.Count == 0)
        {
            return [];
        }

        var each = (count + classes.Count - 1) / classes.Count;
        var lists = await Task.WhenAll(classes.Select(async one => (await client.ListDatasetImagesAsync(
            name: dataset, split: one.Validation > 0 ? "validation" : "train", @class: one.Name, limit: each,
            cancellationToken: cancel)).Items));
        var rows = Enumerable.Range(0, each).SelectMany(row => lists.Where(list => row < list.Count).Select(list => list[row]));
        return [.. rows.Take(count)];
    }
}
