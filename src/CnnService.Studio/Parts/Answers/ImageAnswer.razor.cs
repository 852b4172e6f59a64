using System.Globalization;
using CnnService.Client;
using CnnService.Studio.Parts.Asking;
using CnnService.Studio.Parts.Images;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Parts.Answers;

/// <summary>What a version says of an image, and why; another version or image is asked about anew.</summary>
public sealed partial class ImageAnswer : IDisposable
{
    private const int MostClasses = 50;

    private readonly Asked<ClassifyResult> _said;
    private (string Model, ChosenImage Image)? _shown;
    private string? _other;
    private ModelVersionResource? _whole; // With the thresholds, which a list of versions does not have.

    public ImageAnswer() => _said = new(StateHasChanged);

    /// <summary>The version.</summary>
    [Parameter, EditorRequired]
    public ModelVersionResource Version { get; set; } = null!;

    /// <summary>The image.</summary>
    [Parameter, EditorRequired]
    public ChosenImage Image { get; set; } = null!;

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    private string Model => $"{Version.Model}:{Version.Version}";

    private string? Predicted => _said.Answer?.Top is [var first, ..] ? first.Label : null;

    /// <inheritdoc/>
    public void Dispose() => _said.Dispose();

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync()
    {
        if (_shown == (Model, Image))
        {
            return Task.CompletedTask;
        }

        _shown = (Model, Image);
        return AskAsync();
    }

    private Task AskAsync()
    {
        (_other, _whole) = (null, null);
        return _said.AskAsync(async cancel =>
        {
            using var file = new MemoryStream(await Image.ReadAsync(Client, null, cancel), false);
            var result = await Client.ClassifyImageAsync(file, Model, MostClasses, cancellationToken: cancel);
            if (result.Error is { } error)
            {
                throw new IOException(error.Detail);
            }

            _whole = result.Labels is null || Version.Thresholds is not null ? null
                : await Client.GetModelVersionAsync(Version.Model, Version.Version.ToString(CultureInfo.InvariantCulture), cancel);
            return result;
        });
    }

    private void AskWhy(string? label) => _other = label;
}
