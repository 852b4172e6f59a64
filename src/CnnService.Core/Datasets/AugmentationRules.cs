using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>Validates the ranges of an augmentation's parameters.</summary>
internal static class AugmentationRules
{
    public static void Check(AugmentationSpec augmentation, ValidationErrors errors)
    {
        errors.Between(augmentation.Rotation, 0, 180, "rotation");
        errors.Between(augmentation.WidthShift, 0, 1, "widthShift");
        errors.Between(augmentation.HeightShift, 0, 1, "heightShift");
        errors.Between(augmentation.Shear, 0, 1, "shear");
        errors.BelowOne(augmentation.Zoom, "zoom");
        errors.BelowOne(augmentation.Brightness, "brightness");
        errors.BelowOne(augmentation.Contrast, "contrast");
        errors.BelowOne(augmentation.Saturation, "saturation");
        errors.Between(augmentation.Cutout, 0, 1, "cutout");
    }
}
