namespace CnnService.Core.Drawing;

/// <summary>The colour maps of the API.</summary>
public enum ColormapName
{
    /// <summary>Dark violet over green to yellow: even steps to the eye, safe for the colour blind.</summary>
    Viridis,

    Gray,

    /// <summary>Black over red to light yellow.</summary>
    Inferno,

    /// <summary>Rainbow of even lightness steps.</summary>
    Turbo,
}
