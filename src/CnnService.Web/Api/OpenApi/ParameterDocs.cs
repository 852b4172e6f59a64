using System.Collections.Frozen;

namespace CnnService.Web.Api.OpenApi;

/// <summary>
/// Descriptions of path and query parameters in the OpenAPI document, in one table because most names mean the same everywhere.
/// </summary>
internal static class ParameterDocs
{
    private const string Model = "`name`, `name:version` or `name@alias`; optional if there is only one model.";
    private const string NumberOrAlias = "The version's number, from 1, or an alias of the model: `latest` is the newest.";
    private const string NewestVersion = "The version's number, from 1; default the newest.";
    private const string Split =
        "`validation` (default) or `test`; if there are no validation images, the training images are used.";
    private const string DatasetArchive = "A zip, a tar (as it is, gz, xz, bz2 or zst) or a Parquet file; required.";
    private const string DatasetName =
        "The data set's name, 1 to 64 characters: lower case letters, digits, `.`, `-` and `_`; required.";
    private const string Thumbnail = "Side of the square that a thumbnail fits, in pixels, 16 to 1024; default the original image.";

    /// <summary>By parameter name, for all operations.</summary>
    private static readonly FrozenDictionary<string, string> Common = new Dictionary<string, string>
    {
        ["after"] = "The `next` of the previous page; default the first page.",
        ["alias"] = "A name for a version, such as `production`; `latest` is reserved for the newest one.",
        ["allowTruncated"] = "True: accepts truncated image files; default false.",
        ["architecture"] = "The network of a file of weights: a preset's name, or a network in JSON.",
        ["class"] = "A class, by name or by its number from 0.",
        ["classes"] = "The number of classes that dense layers without `units` follow, 2 to 65536; default 2.",
        ["dataset"] = "A data set: `name` for its newest revision, or `name:revision`.",
        ["dryRun"] = "True: returns 200 with what would be imported, as `POST /datasets/inspect` does, and imports nothing.",
        ["file"] = "An image; required.",
        ["files"] = "1 to 256 images; required.",
        ["filter"] = "Index of the filter in the layer, from 0.",
        ["fold"] = "True: merges batch normalizations into the preceding layers; default false.",
        ["graph"] = "`gradient`: includes the gradient of the class scores; default the network only.",
        ["hours"] = "Whole hours back from now, 1 to 8784; default 24.",
        ["image"] = "`dataset/id`: an image of a data set; required.",
        ["labels"] = "The classes, one a line, as text or as a file.",
        ["layer"] = "A layer, by the name that `GET /visualize` lists; `conv_4` is one of the preset article-cnn.",
        ["layout"] =
            "Where the labels are read from: `auto` (default), `folders`, `names`, `table`, `labelStudio`, `coco`, `webDataset`, "
            + "`parquet`, `cifar` or `idx`.",
        ["limit"] = "Maximum number of items, 1 to 200; default 50.",
        ["mergeCase"] = "False: class names that differ in case only are classes of their own; default true.",
        ["method"] = "Method of the heat maps, as in `/explain`; default `grad-cam`.",
        ["model"] = Model,
        ["name"] = "The model's name.",
        ["nameEncoding"] = "Code page of names that a zip archive does not declare as UTF-8, such as `cp866` or `shift_jis`.",
        ["namePattern"] = "Regular expression over the file name without its folders, with a group `label`; at most 200 characters.",
        ["of"] = "The version whose matrix is drawn: `a` or `b`.",
        ["precision"] = "`float32` (default), or `float16` for weights of half the size; computation remains float32.",
        ["predicted"] = "The predicted class, by name or by its number from 0.",
        ["preprocessing"] =
            "`separate` (default): the file takes normalized planes; `included`: bytes `[N,H,W,C]`, normalized in the graph.",
        ["preset"] = "A network's name, as `GET /architectures` lists it.",
        ["purge"] = "True: deletes the earlier revisions too, and the image files that only they hold; default false.",
        ["right"] = "Only images that `a`, `b` or `neither` classifies correctly.",
        ["size"] = Thumbnail,
        ["smoothing"] = "Weight of past values in an exponential moving average, 0 (default: none) to 0.99.",
        ["sort"] = "`newest` (default) or `uncertainty`: the most uncertain first.",
        ["split"] = Split,
        ["top"] = "Number of classes to return, the most probable first, 1 to 1000; default 5.",
        ["trueClass"] = "The true class, by name or by its number from 0.",
        ["unknown"] = "`reject`: no label for an image unlike those the version was made for; default `report`.",
        ["validationFraction"] = "Share of each class used for validation if the archive has no split, 0.05 to 0.5; default 0.2.",
        ["version"] = "The version's number, from 1.",
        ["views"] = "Views of each image that are averaged, 1 to 10: itself, mirrored, then crops; default 1.",
        ["wait"] = "Seconds to wait for the result, 0 (default) to 60; then 202, and the work continues.",
    }.ToFrozenDictionary();

    /// <summary>Descriptions of ids and names in paths, by path prefix; the longest matching prefix wins.</summary>
    private static readonly (string Path, string Name, string Text)[] Resources =
    [
        ("classify/jobs/{id}", "id", "The job's id."),
        ("comparisons/{id}", "id", "The comparison's id."),
        ("datasets/{name}", "name", "The data set's name; to read an earlier revision, `name:revision`."),
        ("datasets/{name}/images/{id}", "id", "The image's id, as `GET /datasets/{name}/images` lists it."),
        ("models/{name}/captured/{id}", "id", "The captured image's id."),
        ("runs/{id}", "id", "The run's id."),
        ("uploads/{id}", "id", "The upload's id, as `POST /uploads` returns it."),
        ("sweeps/{id}", "id", "The sweep's id."),
        ("v2/models/{model}", "model", "The model's name."),
        ("v2/repository/models/{model}", "model", "The model's name."),
    ];

    /// <summary>Exceptions for individual operations.</summary>
    private static readonly FrozenDictionary<(string Operation, string Name), string> Own = new Dictionary<(string, string), string>
    {
        [("AddDatasetImages", "class")] = "An existing class or a new one, 1 to 100 characters; required.",
        [("AddDatasetImages", "split")] = "`train` (default), `validation` or `test`.",
        [("CreateDataset", "file")] = DatasetArchive,
        [("CreateDataset", "name")] = DatasetName,
        [("InspectDataset", "file")] = DatasetArchive,
        [("InspectDataset", "name")] = DatasetName,
        [("ImportModel", "file")] =
            "An ONNX file with those that its weights lie in, or a zip of them; or a safetensors file of weights; required.",
        [("ImportModel", "output")] =
            "The output of an ONNX file that the classes are read from; default the one that the evidence is for.",
        [("ImportModel", "name")] = "The model's name, 1 to 64 characters: lower case letters, digits, `.`, `-` and `_`; required.",
        [("ImportModel", "preprocessing")] =
            "`rescale`, `imagenet`, `caffe`, or JSON such as "
            + "`{\"channelOrder\":\"bgr\",\"scale\":1,\"mean\":[104,117,123],\"std\":[1,1,1]}`.",
        [("GetArchitecture", "format")] = "`json` (default) or `png`: a drawing of the network.",
        [("DescribeArchitecture", "format")] = "`json` (default) or `png`: a drawing of the network.",
        [("GetModelSummary", "format")] = "`json` (default) or `png`: a drawing of the network.",
        [("GetComparison", "format")] = "`json` (default) or `png`: a sheet of the most confident disagreements.",
        [("ExportDataset", "format")] = "`folders` (default): a tar archive of folders; `parquet`: Hugging Face's form.",
        [("GetDrift", "format")] = "`json` (default) or `png`: a diagram.",
        [("GetComparison", "count")] = "Number of images with `format=png`, 1 to 48; default 16.",
        [("GetConfusionCell", "count")] = "Number of images, the most confident first, 1 to 12; default 6.",
        [("GetRunMistakes", "count")] = "Number of images, the most confident first, 1 to 50; default 16.",
        [("DownloadOnnx", "layer")] = "With `graph=gradient`: a layer whose activations and their gradient become outputs.",
        [("ListDatasetImages", "class")] = "Only images of this class, by name.",
        [("ListDatasetImages", "split")] = "Only `train`, `validation` or `test` images.",
        [("ListCaptured", "class")] = "Only images predicted to be of this class, by name.",
        [("ListAliasMoves", "alias")] = "Only the changes of this alias.",
        [("GetDrift", "dataset")] =
            "Data set to compute the baseline from, for versions without one, such as imported ones.",
        [("GetDrift", "split")] = "Split of that data set: `validation` (default), `train` or `test`.",
        [("GetDrift",
            "wait")] =
            "Seconds to wait while the baseline is computed, 0 to 300; default 30. Then 202 with Retry-After, and the computation "
            + "continues.",
        [("GetDrift", "version")] =
            "The version's number, from 1; default the one with the most predictions in this time, else the newest.",
        [("DownloadOnnx", "version")] = NumberOrAlias,
        [("DownloadWeights", "version")] = NumberOrAlias,
        [("GetModelSummary", "version")] = NumberOrAlias,
        [("GetModelVersion", "version")] = NumberOrAlias,
        [("Metadata", "version")] = NewestVersion,
        [("ModelConfig", "version")] = NewestVersion,
        [("ModelReady", "version")] = NewestVersion,
        [("ModelStatistics", "version")] = NewestVersion,
    }.ToFrozenDictionary();

    /// <summary>The description of a parameter; null if there is none.</summary>
    /// <param name="operation">The operation's id.</param>
    /// <param name="path">The route's path, without a leading slash.</param>
    /// <param name="name">The parameter's name.</param>
    public static string? Find(string? operation, string? path, string name) =>
        Own.GetValueOrDefault((operation ?? string.Empty, name))
        ?? Resources.Where(resource => resource.Name == name && path?.StartsWith(resource.Path, StringComparison.Ordinal) == true)
            .OrderByDescending(resource => resource.Path.Length).Select(resource => resource.Text).FirstOrDefault()
        ?? Common.GetValueOrDefault(name);
}
