namespace CnnService.Studio.Service;

/// <summary>Addresses of the screens, relative to the page's base; and of pictures of the service, relative to the service's.</summary>
internal static class Addresses
{
    public const string Home = "";

    public const string Data = "data";

    public const string Runs = "runs";

    public const string Train = "runs/new";

    public const string Results = "results";

    public const string Look = "look";

    public const string Try = "try";

    public const string Operate = "operate";

    public const string Tour = "tour";

    public static string Dataset(string name) => $"{Data}/{Escape(name)}";

    /// <summary>What an upload is understood as, before it becomes a data set.</summary>
    /// <param name="upload">The upload's id.</param>
    /// <param name="name">Suggested for the data set.</param>
    public static string NewDataset(string upload, string name) => $"{Data}/new/{Escape(upload)}?name={Escape(name)}";

    /// <summary>A data set, on which a run starts as soon as it is imported.</summary>
    /// <param name="name">The data set.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="once">A word that stands for the wish: the same one starts no second run.</param>
    public static string DatasetThenTrain(string name, string recipe, string once) =>
        $"{Dataset(name)}?then={Escape(recipe)}&once={Escape(once)}";

    public static string TrainOn(string dataset) => $"{Train}/{Escape(dataset)}";

    public static string Run(string id) => $"{Runs}/{Escape(id)}";

    /// <param name="model"><c>name</c> or <c>name:version</c>.</param>
    public static string LookAt(string model) => $"{Look}/{Escape(model)}";

    /// <param name="model"><c>name</c> or <c>name:version</c>.</param>
    public static string TryOut(string model) => $"{Try}/{Escape(model)}";

    /// <param name="run">A run's id: its results.</param>
    public static string ResultsOf(string run) => $"{Results}/{Escape(run)}";

    /// <summary>A thumbnail of the service that fits a square.</summary>
    public static string Thumbnail(string dataset, string image, int size) =>
        $"datasets/{Escape(dataset)}/images/{Escape(image)}?size={size}";

    private static string Escape(string part) => Uri.EscapeDataString(part);
}
