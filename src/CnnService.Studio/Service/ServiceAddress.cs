namespace CnnService.Studio.Service;

/// <summary>Where the service is, as a person would write it into a program.</summary>
/// <param name="Url">Ends with a slash.</param>
internal sealed record ServiceAddress(Uri Url)
{
    /// <summary>For examples of calls: without the slash at the end.</summary>
    public string Text => Url.AbsoluteUri.TrimEnd('/');
}
