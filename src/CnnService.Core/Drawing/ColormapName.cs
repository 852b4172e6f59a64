namespace CnnService.Core.Drawing;

/// <summary>The colormaps that a request may choose.</summary>
public enum ColormapName
{
    /// <summary>Dark violet over green to yellow: perceptually uniform, safe for the colour-blind.</summary>
    Viridis,

    Gray,

    /// <summary>Black over red to light yellow.</summary>
    Inferno,

    /// <summary>Improved rainbow with smooth lightness.</summary>
    Turbo,
}
