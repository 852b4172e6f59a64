using CnnService.Client;

namespace CnnService.Studio.Pages.Tour.Training;

/// <summary>
/// The networks that the tour trains: small ones on drawn shapes, under names of their own. They live on the service, so that the tour
/// finds them again, whoever opens it.
/// </summary>
/// <param name="Model">The model's name.</param>
/// <param name="Dataset">The data set's name.</param>
/// <param name="Sample">What the service draws it from.</param>
/// <param name="Augmentation">How training images are changed.</param>
/// <param name="Epochs">How often each image is seen.</param>
internal sealed record TourTraining(string Model, string Dataset, string Sample, AugmentationSpecPreset Augmentation, int Epochs)
{
    private const int Side = 64;

    private const double LearningRate = 0.0005;

    /// <summary>How often the few images are seen; whether that is enough to know them by heart, the step tells from the curve.</summary>
    private const int EpochsOfFew = 40;

    /// <summary>The network that the tour looks into.</summary>
    public static TourTraining Network { get; } = new("tour", "tour-shapes", "shapes", AugmentationSpecPreset.None, 8);

    /// <summary>One that learns its few images by heart.</summary>
    public static TourTraining ByHeart { get; } = new("tour-by-heart", "tour-few", "shapes-few", AugmentationSpecPreset.None, EpochsOfFew);

    /// <summary>The same, with its images changed a little each time.</summary>
    public static TourTraining Augmented { get; } =
        new("tour-augmented", "tour-few", "shapes-few", AugmentationSpecPreset.Article, EpochsOfFew);

    public static IReadOnlyList<TourTraining> All { get; } = [Network, ByHeart, Augmented];

    /// <summary>Its newest run that was not cancelled or broken off; null: none yet.</summary>
    public async Task<RunResource?> FindAsync(CnnServiceClient client, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(client);
        var runs = await client.ListRunsAsync(limit: 200, cancellationToken: cancel);
        return runs.Items.FirstOrDefault(
            run => run.Model == Model && run.State is WorkState.Queued or WorkState.Running or WorkState.Succeeded);
    }

    /// <summary>Draws the images, if that has not been done, and starts.</summary>
    public async Task<RunResource> StartAsync(CnnServiceClient client, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(client);
        try
        {
            await client.GetDatasetAsync(Dataset, cancel);
        }
        catch (CnnServiceException missing) when (missing.StatusCode == 404)
        {
            await client.CreateDatasetFromServerAsync(body: new() { Name = Dataset, Sample = Sample }, cancellationToken: cancel);
        }

        await client.WaitForDatasetAsync(Dataset, null, cancel);
        return await client.TrainAsync(
            body: new()
            {
                Dataset = Dataset,
                Model = Model,
                ImageSize = Side,
                Epochs = Epochs,
                Optimizer = new() { Name = OptimizerKind.Adam, LearningRate = LearningRate },
                Augmentation = new() { Preset = Augmentation },
            },
            cancellationToken: cancel);
    }
}
