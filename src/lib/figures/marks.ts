/** The characters and signs that more than one rule of detection looks for. */

export const DIGIT = /[0-9]/;
export const LATIN = /[A-Za-z]/;
/** Between the two ends of a range, as a part of a longer pattern. */
export const TO = ' ?(?:—{1,2}|-|~|至|到) ?';
/** Between the two ends of a range of quantities. */
export const DASH = / ?(?:—{1,2}|-{1,2}|~|至|到) ?/y;
/** A clause ends here. */
export const PAUSE = /^(?:$|[\s，,。.；;、：:！!？?)）》”"’」—])/;
