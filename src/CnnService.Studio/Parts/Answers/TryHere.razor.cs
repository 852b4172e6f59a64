using System.Globalization;
using CnnService.Client;
using CnnService.Studio.Browser;
using CnnService.Studio.Parts.Images;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Parts.Answers;

/// <summary>Takes an image on the screen of a run that is over, and answers there: nobody has to look for the way to try it.</summary>
public sealed partial class TryHere
{
    private ModelVersionResource? _version;
    private ChosenImage? _image;
    private Exception? _failure;

    /// <summary>The model.</summary>
    [Parameter, EditorRequired]
    public string Model { get; set; } = string.Empty;

    /// <summary>Its version.</summary>
    [Parameter, EditorRequired]
    public int Version { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    private async Task TakeAsync(DroppedFiles files)
    {
        _failure = null;
        try
        {
            _image = (await GivenImages.ReadAsync(files, 1, CancellationToken.None))[0];
            _version = _version is { } known && known.Model == Model && known.Version == Version
                ? known : await Client.GetModelVersionAsync(Model, Version.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure;
        }
    }
}
