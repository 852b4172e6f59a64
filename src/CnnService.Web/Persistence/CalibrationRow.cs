namespace CnnService.Web.Persistence;

/// <summary>A calibration of a version after it was made.</summary>
internal sealed class CalibrationRow : VersionWorkRow;
